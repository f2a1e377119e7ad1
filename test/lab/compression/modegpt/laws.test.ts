// What holds for any weights and windows.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { product, range, rowsOf } from '../../../../src/engine/linear-algebra/blocks.ts';
import { type Dense, dense, transposed } from '../../../../src/engine/linear-algebra/dense.ts';
import { createRandom } from '../../../../src/engine/random.ts';
import {
  byMagnitude,
  countsByStrength,
  type Factors,
  type Narrow,
  scoreErrors,
  scoresByColumns,
  scoresBySingularValues,
  singularValuesOfWeights,
  valueErrors,
  valuesBySingularValues,
} from '../../../../src/lab/compression/modegpt/factors.ts';
import {
  compensated,
  narrowFeed,
  narrowFeedByMagnitude,
} from '../../../../src/lab/compression/modegpt/feed-forward.ts';
import { MomentSum } from '../../../../src/lab/compression/moments.ts';

const seeds = fc.integer({ min: 1, max: 1e6 });
const RUNS = { numRuns: 25 };

describe('narrowed scores', () => {
  const factors = (random: () => number): Factors => ({
    left: drawn(random, 6, 4),
    right: drawn(random, 6, 4),
  });

  it('err less with each column, and least by singular values', () => {
    fc.assert(
      fc.property(seeds, fc.integer({ min: 2, max: 6 }), (seed, rank) => {
        const random = createRandom(seed).normal;
        const [own, c] = [factors(random), moments(random, 6, rank)];
        const rivals = [
          scoresByColumns,
          byMagnitude('columns'),
          singularValuesOfWeights(scoresBySingularValues),
        ];
        const best = errors(scoresBySingularValues, own, c);
        const whole = scoreErrors(own, own, c)[1];
        for (let k = 1; k < 4; k++) {
          expect(best[k]).toBeLessThanOrEqual((best[k - 1] as number) + 1e-8 * whole);
        }
        expect(best[3]).toBeLessThan(1e-8 * whole);
        for (const rival of rivals) {
          for (const [k, error] of errors(rival, own, c).entries()) {
            expect(best[k]).toBeLessThanOrEqual(error + 1e-8 * whole);
          }
        }
      }),
      RUNS,
    );
  });

  it('with all columns are what they were for any input, though no window showed it', () => {
    const random = createRandom(4).normal;
    const own = factors(random);
    const kept = scoresBySingularValues(own, moments(random, 6, 6)).keep(4);
    expectSame(
      product(kept.left, transposed(kept.right)),
      product(own.left, transposed(own.right)),
    );
  });

  function errors(narrow: Narrow, own: Factors, c: Dense): readonly number[] {
    const { keep } = narrow(own, c);
    return [1, 2, 3, 4].map((count) => scoreErrors(own, keep(count), c)[0]);
  }
});

describe('narrowed values', () => {
  it('err least by singular values, and not at all with all columns', () => {
    fc.assert(
      fc.property(seeds, fc.integer({ min: 2, max: 6 }), (seed, rank) => {
        const random = createRandom(seed).normal;
        const own = { left: drawn(random, 6, 4), right: drawn(random, 4, 5) };
        const c = moments(random, 6, rank);
        const [, whole] = valueErrors(own, own, c);
        for (let count = 1; count <= 4; count++) {
          const error = (narrow: Narrow) => valueErrors(own, narrow(own, c).keep(count), c)[0];
          const best = error(valuesBySingularValues);
          for (const rival of [
            byMagnitude('rows'),
            singularValuesOfWeights(valuesBySingularValues),
          ])
            expect(best).toBeLessThanOrEqual(error(rival) + 1e-8 * whole);
          if (count === 4) expect(best).toBeLessThan(1e-8 * whole);
        }
      }),
      RUNS,
    );
  });
});

describe('narrowed feed-forward layers', () => {
  it('with all columns are what they were', () => {
    const random = createRandom(2).normal;
    const weights = drawn(random, 6, 3);
    const { kept, next, error } = narrowFeed(moments(random, 6, 6), weights, 6);
    expect(kept).toEqual([0, 1, 2, 3, 4, 5]);
    expectSame(next, weights);
    expect(error).toBeLessThan(1e-8);
  });

  it('lose nothing with duplicated columns', () => {
    const random = createRandom(3).normal;
    const single = drawn(random, 40, 5);
    const double = Array.from({ length: 40 }, (_, i) => {
      const row = [...rowsOf(single, [i]).values];
      return [...row, ...row];
    });
    const c = momentsOf(double);
    const { kept, error } = narrowFeed(c, drawn(random, 10, 3), 5);
    expect(kept).toHaveLength(5);
    expect(new Set(kept.map((column) => column % 5)).size).toBe(5);
    expect(error).toBeLessThan(1e-8);
  });

  it('bear columns that are always 0', () => {
    const random = createRandom(5).normal;
    const rows = Array.from({ length: 30 }, () => [random(), 0, random(), 0]);
    const { kept, next, error } = narrowFeed(momentsOf(rows), drawn(random, 4, 2), 3);
    expect(kept).toEqual([0, 1, 2]);
    expect(next.values.every(Number.isFinite)).toBe(true);
    expect(error).toBeLessThan(1e-8);
    const silent = narrowFeed(momentsOf(rows.map(() => [0, 0, 0, 0])), drawn(random, 4, 2), 2);
    expect(silent.error).toBe(0);
  });

  it('err less than those without a compensation, with the same columns or others', () => {
    fc.assert(
      fc.property(seeds, fc.integer({ min: 1, max: 7 }), (seed, count) => {
        const random = createRandom(seed).normal;
        const c = moments(random, 8, 8);
        const next = drawn(random, 8, 3);
        const plain = narrowFeedByMagnitude(c, { before: drawn(random, 5, 8), next }, count);
        const { error } = compensated(c, next, plain.kept);
        expect(error).toBeLessThanOrEqual(plain.error + 1e-8);
      }),
      RUNS,
    );
  });
});

describe('the columns of heads', () => {
  it('go to the strongest, at least one to each head', () => {
    const strengths = [
      [9, 8, 7],
      [0, 1, 0],
      [6, 5, 7.5],
    ].map((own) => Float64Array.from(own));
    expect(countsByStrength(strengths, 3)).toEqual([1, 1, 1]);
    expect(countsByStrength(strengths, 5)).toEqual([3, 1, 1]);
    expect(countsByStrength(strengths, 9)).toEqual([3, 3, 3]);
  });

  it('err together no more than the same number in each', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const random = createRandom(seed).normal;
        const c = moments(random, 6, 6);
        const heads = [1, 3].map((size) => ({
          left: drawn(() => size * random(), 6, 4),
          right: drawn(random, 6, 4),
        }));
        const narrowings = heads.map((own) => scoresBySingularValues(own, c));
        const error = (counts: readonly number[]) =>
          heads.reduce((sum, own, h) => {
            const kept = narrowings[h]?.keep(counts[h] as number);
            return sum + (kept ? scoreErrors(own, kept, c)[0] : 0);
          }, 0);
        const pooled = countsByStrength(
          narrowings.map(({ strengths }) => strengths),
          4,
        );
        expect(error(pooled)).toBeLessThanOrEqual(error([2, 2]) * (1 + 1e-8));
      }),
      RUNS,
    );
  });
});

function drawn(random: () => number, rows: number, columns: number): Dense {
  return dense(
    rows,
    columns,
    Float64Array.from({ length: rows * columns }, () => random()),
  );
}

/** Of inputs that fill only a subspace of so many dimensions. */
function moments(random: () => number, width: number, rank: number): Dense {
  const x = product(drawn(random, 50, rank), drawn(random, rank, width));
  return momentsOf(range(0, 50).map((i) => [...rowsOf(x, [i]).values]));
}

function momentsOf(rows: readonly (readonly number[])[]): Dense {
  const width = rows[0]?.length ?? 0;
  const sum = new MomentSum(width);
  for (const row of rows) sum.add(row);
  const whole = sum.mean();
  const values = range(0, width).flatMap((i) => [
    ...whole.values.subarray(i * (width + 1), i * (width + 1) + width),
  ]);
  return dense(width, width, Float64Array.from(values));
}

function expectSame(found: Dense, wanted: Dense): void {
  const scale = Math.max(...wanted.values.map(Math.abs));
  for (const [i, value] of wanted.values.entries()) {
    expect(Math.abs((found.values[i] as number) - value)).toBeLessThan(1e-8 * scale);
  }
}
