import type { Random } from '../../../engine/random.ts';
import { median, quantileOfSorted, sorted } from '../../../engine/statistics.ts';

export interface Interval {
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

/** Resamples: 50 medians lie beyond either end. */
const DRAWS = 2000;

/**
 * Median with its 95 % interval by the percentile bootstrap. Efron 1979, "Bootstrap methods: another look at the
 * jackknife". `values` are finite.
 */
export function medianInterval(values: readonly number[], random: Random): Interval {
  const draw = new Float64Array(values.length);
  const medians = Float64Array.from({ length: DRAWS }, () => {
    for (let i = 0; i < draw.length; i++) draw[i] = values[random.integer(values.length)] as number;
    return median(draw);
  });
  const ascending = sorted(medians);
  return {
    median: median(values),
    low: quantileOfSorted(ascending, 0.025),
    high: quantileOfSorted(ascending, 0.975),
  };
}
