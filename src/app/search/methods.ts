// Every way to search, by name.
import { ConfigError } from '../../core/errors.ts';
import { type Registry, registry } from '../../core/registry.ts';
import { boshcode } from '../../lab/search/boshcode/boshcode.ts';
import { boshnas } from '../../lab/search/boshnas/boshnas.ts';
import { graphBreathe } from '../../lab/search/breathe/graph-breathe.ts';
import type { PairCandidates, SearchMethod } from '../../lab/search/contract.ts';
import { arePairs } from '../../lab/search/pairs.ts';
import { rivals } from '../../lab/search/rivals/index.ts';

// A method's options are checked by its own schema before they reach it, so the registry need not know their types.
export const methods: Registry<SearchMethod> = registry<SearchMethod>(
  boshnas as SearchMethod,
  onPairs(boshcode as SearchMethod<unknown, PairCandidates>),
  graphBreathe as SearchMethod,
  ...rivals.values(),
);

/** The default method; `front`: where several objectives are given. */
export function usualMethod(devices: number, front: boolean): string {
  if (front) return graphBreathe.kind;
  return devices > 1 ? boshcode.kind : boshnas.kind;
}

/** A search with one device has no pairs. */
function onPairs(method: SearchMethod<unknown, PairCandidates>): SearchMethod {
  return {
    ...method,
    start(candidates, options, seed) {
      if (arePairs(candidates)) return method.start(candidates, options, seed);
      throw new ConfigError(
        `${method.kind} searches pairs of network and device: name two devices, or choose another method`,
        { code: 'SEN_CFG_SEARCH_PAIRS' },
      );
    },
  };
}
