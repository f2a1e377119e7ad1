import { ranksOf } from '../../../engine/statistics.ts';

/**
 * ln (p / (1 - p)) of each value, p being the share of values below it: a search needs to know which is better, and a few
 * very bad ones would have the surrogate learn little else.
 */
export function scoresOf(values: readonly number[]): Float64Array {
  return Float64Array.from(ranksOf(values), (rank) => {
    const share = (rank + 0.5) / values.length;
    return Math.log(share / (1 - share));
  });
}
