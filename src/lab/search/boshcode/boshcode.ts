// BOSHCODE: BOSHNAS over pairs, e.g. of a network and a device; both halves are climbed at once.
import { z } from 'zod';
import { ConfigError } from '../../../core/errors.ts';
import { surrogateSearchOptions } from '../boshnas/options.ts';
import { surrogateSearch } from '../boshnas/surrogate-search.ts';
import type { PairCandidates, SearchMethod } from '../contract.ts';

const fixed = z
  .int()
  .min(0)
  .nullable()
  .default(null)
  .meta({ unit: 'number of a candidate of that half' });

const options = surrogateSearchOptions.extend({
  first: fixed.describe('First half that all pairs shall have; null searches both halves'),
  second: fixed.describe('Second half that all pairs shall have; null searches both halves'),
});

type BoshcodeOptions = z.infer<typeof options>;

/**
 * Tuli et al. 2023, "CODEBench: a neural architecture and hardware accelerator co-design framework", section on BOSHCODE: a
 * branch of the networks for each half. Departs from its code, which looks a pair up by the second half alone and so throws
 * away the first that was found: the pairs nearest in both are asked for. Throws `ConfigError` where no pair has the halves
 * that are fixed.
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
      );
    }
    const halves = [candidates.first, candidates.second];
    return surrogateSearch({ candidates, halves, allowed }, rest, seed);
  },
};
