// Statistics of the comparison: Wilcoxon's signed-rank test, Holm's correction and the bootstrap interval of a median.
//
// Notation   d (n,) differences that are not 0; r (n,) ranks of |d|, ties get the mean rank; W+ sum of r where d > 0
import type { Random } from '../../../engine/random.ts';
import { median, quantileOfSorted, sorted } from '../../../engine/statistics.ts';

interface SignedRank {
  /** Pairs that differ. */
  readonly n: number;
  /** W+: n(n + 1) / 4 if neither is greater. */
  readonly statistic: number;
  /** Two-sided; 1 if no pair differs. */
  readonly p: number;
}

/**
 * Tests whether `x` tends to be greater or smaller than `y`. Wilcoxon 1945, "Individual comparisons by ranking methods":
 * equal pairs are left out. Exact at any n, also with ties: the distribution is counted over all signs of the actual
 * ranks, instead of a normal approximation. O(n^3).
 */
export function signedRank(x: readonly number[], y: readonly number[]): SignedRank {
  if (x.length !== y.length) {
    throw new RangeError(`${x.length} numbers cannot be paired with ${y.length}`);
  }
  const differences = x.map((value, i) => value - (y[i] as number)).filter((each) => each !== 0);
  const ranks = doubledRanks(differences.map(Math.abs));
  const positive = ranks.reduce(
    (sum, rank, i) => sum + ((differences[i] as number) > 0 ? rank : 0),
    0,
  );
  const total = ranks.reduce((sum, rank) => sum + rank, 0);
  const extreme = Math.min(positive, total - positive);
  const chances = distributionOf(ranks, total);
  const tail = chances.subarray(0, extreme + 1).reduce((sum, chance) => sum + chance, 0);
  return { n: differences.length, statistic: positive / 2, p: Math.min(1, 2 * tail) };
}

/** Twice the ranks, so that the ranks of ties are whole numbers. */
function doubledRanks(values: readonly number[]): readonly number[] {
  return values.map((value) => {
    const below = values.filter((other) => other < value).length;
    const equal = values.filter((other) => other === value).length;
    return 2 * below + equal + 1;
  });
}

/** Probability of each sum of ranks if each rank is included with probability 1/2. */
function distributionOf(ranks: readonly number[], total: number): Float64Array {
  const chances = new Float64Array(total + 1);
  chances[0] = 1;
  let reach = 0;
  for (const rank of ranks) {
    reach += rank;
    for (let sum = reach; sum >= 0; sum--) {
      const without = chances[sum] as number;
      const taken = sum >= rank ? (chances[sum - rank] as number) : 0;
      chances[sum] = (without + taken) / 2;
    }
  }
  return chances;
}

/**
 * Corrects p-values for multiple tests: if those up to alpha are rejected, the probability of any false rejection is at most
 * alpha. In the order given. Holm 1979, "A simple sequentially rejective multiple test procedure".
 */
export function holm(pValues: readonly number[]): readonly number[] {
  const order = [...pValues.keys()].sort((a, b) => (pValues[a] as number) - (pValues[b] as number));
  const adjusted = new Array<number>(pValues.length);
  let floor = 0;
  order.forEach((index, place) => {
    floor = Math.max(floor, Math.min(1, (pValues.length - place) * (pValues[index] as number)));
    adjusted[index] = floor;
  });
  return adjusted;
}

export interface Interval {
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

/** Resamples: 50 medians lie beyond each end of the interval. */
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
