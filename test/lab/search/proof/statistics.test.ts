import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../../src/engine/random.ts';
import { holm, medianInterval, signedRank } from '../../../../src/lab/search/proof/statistics.ts';
import { golden } from '../../../golden/read.ts';

interface Golden {
  readonly tolerance: number;
  readonly signedRank: readonly {
    readonly x: readonly number[];
    readonly y: readonly number[];
    readonly n: number;
    readonly statistic: number;
    readonly p: number;
  }[];
  readonly medians: readonly {
    readonly values: readonly number[];
    readonly median: number;
    readonly low: number;
    readonly high: number;
  }[];
}
const reference = golden<Golden>('search-statistics.json');

describe('signed-rank test', () => {
  it.each(reference.signedRank)('agrees with SciPy on $n pairs that differ, p $p', (pairs) => {
    const found = signedRank(pairs.x, pairs.y);
    expect(found.n).toBe(pairs.n);
    expect(found.statistic).toBe(pairs.statistic);
    expect(Math.abs(found.p - pairs.p)).toBeLessThan(reference.tolerance);
  });

  it('finds no difference between equals', () => {
    expect(signedRank([1, 2], [1, 2])).toEqual({ n: 0, statistic: 0, p: 1 });
  });

  it('says the same when sides are changed', () => {
    const numbers = fc.array(fc.tuple(fc.integer({ max: 9 }), fc.integer({ max: 9 })), {
      maxLength: 15,
    });
    fc.assert(
      fc.property(numbers, (pairs) => {
        const x = pairs.map(([a]) => a);
        const y = pairs.map(([, b]) => b);
        const one = signedRank(x, y);
        const other = signedRank(y, x);
        expect(other.p).toBe(one.p);
        expect(one.statistic + other.statistic).toBe((one.n * (one.n + 1)) / 2);
      }),
    );
  });

  it('refuses numbers that cannot be paired', () => {
    expect(() => signedRank([1], [])).toThrow(RangeError);
  });
});

describe('holm', () => {
  it('is the closed test of Bonferroni over all sets that a p-value is in', () => {
    const chances = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), {
      minLength: 1,
      maxLength: 6,
    });
    fc.assert(
      fc.property(chances, (pValues) => {
        const sets = Array.from({ length: 2 ** pValues.length - 1 }, (_, bits) =>
          [...pValues.keys()].filter((i) => (bits + 1) & (1 << i)),
        );
        const bonferroni = (set: readonly number[]): number =>
          Math.min(1, set.length * Math.min(...set.map((i) => pValues[i] as number)));
        holm(pValues).forEach((adjusted, i) => {
          const greatest = Math.max(...sets.filter((set) => set.includes(i)).map(bonferroni));
          expect(adjusted).toBeCloseTo(greatest, 12);
        });
      }),
    );
  });
});

describe('interval of a median', () => {
  it.each(reference.medians)('agrees with SciPy on $values.length values', (expected) => {
    const { values, ...interval } = expected;
    expect(medianInterval(values, createRandom(1))).toEqual(interval);
  });
});
