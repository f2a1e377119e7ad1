// BOSHCODE: BOSHNAS over pairs, e.g. of a network and a device; each climb moves both halves.
import { z } from 'zod';
import { ConfigError } from '../../../core/errors.ts';
import { surrogateSearch } from '../boshnas/boshnas.ts';
import { surrogateSearchOptions } from '../boshnas/options.ts';
import type { PairCandidates, SearchMethod } from '../contract.ts';

const fixed = z
  .int()
  .min(0)
  .nullable()
  .default(null)
  .meta({ unit: 'number of a candidate of that half' });

const options = surrogateSearchOptions.extend({
  first: fixed.describe('Fixes the first half of all pairs; null searches it'),
  second: fixed.describe('Fixes the second half of all pairs; null searches it'),
});

type BoshcodeOptions = z.infer<typeof options>;

/**
 * Tuli et al. 2023, "CODEBench: a neural architecture and hardware accelerator co-design framework", section on BOSHCODE: a
 * branch of the networks for each half. Departs from its code, which looks up a pair by the second half alone and so drops
 * the first half that the climb found: here the pairs nearest in both halves are proposed. Throws `ConfigError` if no pair
 * has the fixed halves.
 */
export const boshcode: SearchMethod<BoshcodeOptions, PairCandidates> = {
  kind: 'boshcode',
  summary: 'climbs a learned surrogate of pairs by the gradients of both halves',
  options,
  start(candidates, { first, second, ...rest }, seed) {
    const allowed = Array.from({ length: candidates.count }, (_, pair) => pair).filter((pair) => {
      const [one, other] = candidates.partsOf(pair);
      return (first ?? one) === one && (second ?? other) === other;
    });
    if (allowed.length === 0) {
      throw new ConfigError(
        `no pair has first ${first ?? 'any'} and second ${second ?? 'any'}: choose halves that go together`,
        { code: 'SEN_CFG_SEARCH_PAIRS' },
      );
    }
    const halves = [candidates.first, candidates.second];
    return surrogateSearch({ candidates, halves, allowed }, rest, seed);
  },
};
