// Wilcoxon's signed-rank test of paired numbers.
//
// Notation   d (n,) differences that are not 0; r (n,) ranks of |d|, equals sharing the mean; W+ sum of r where d > 0

export interface SignedRank {
  /** Pairs that differ. */
  readonly n: number;
  /** W+: n(n + 1) / 4 where neither is greater. */
  readonly statistic: number;
  /** Two-sided; 1 where no pair differs. */
  readonly p: number;
}

/**
 * Whether `x` tends to be greater or smaller than `y`. Wilcoxon 1945, "Individual comparisons by ranking methods": pairs
 * that are equal are left out. Exact at any n, also with ties: the distribution is counted over all signs of the ranks
 * that there are, instead of a normal approximation. O(n^3).
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

/** Twice the ranks, so that means of two are whole. */
function doubledRanks(values: readonly number[]): readonly number[] {
  return values.map((value) => {
    const below = values.filter((other) => other < value).length;
    const equal = values.filter((other) => other === value).length;
    return 2 * below + equal + 1;
  });
}

/** Chance of each sum of ranks, where each is taken or not with chance 1/2. */
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
