import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../src/engine/random.ts';
import type { FitRegressor } from '../../../src/engine/regression/regressor.ts';
import { randomForest } from '../../../src/engine/regression/tree-ensembles.ts';
import { mean, standardDeviation } from '../../../src/engine/statistics.ts';
import {
  farthestPoints,
  LEARNING,
  learnActively,
} from '../../../src/lab/profiler/active-learning.ts';
import {
  errorOf,
  heldOut,
  onLogarithms,
  rankRegressors,
} from '../../../src/lab/profiler/choose-regressor.ts';
import { leastSquaresAboveZero } from '../../../src/lab/profiler/sum-of-parts.ts';
import { nearest } from './nearest.ts';

/** Points on a line, all near 0 but the last. */
const line = {
  values: Float64Array.from([0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 9]),
  width: 1,
};
const truth = (candidate: number) => [line.values[candidate] ?? 0];
const task = { candidates: line, learn: nearest, measure: async (one: number) => truth(one) };
const options = { ...LEARNING, initial: 2, most: 6, errorAtMost: 0, doubtAtMost: 0 };

describe('learnActively', () => {
  it('measures no candidate twice and stops at the most', async () => {
    const { rows, converged } = await learnActively(task, options, 1);
    expect(rows.length).toBe(6);
    expect(new Set(rows).size).toBe(6);
    expect(converged).toBe(false);
  });

  it('begins with no more than the most', async () => {
    const { rows } = await learnActively(task, { ...options, initial: 8, most: 3 }, 1);
    expect(rows.length).toBe(3);
  });

  it('asks next where least is known', async () => {
    const { rows } = await learnActively(task, { ...options, initial: 3, most: 4 }, 1);
    const [, , , next = -1] = rows;
    const known = rows.slice(0, 3).map((row) => truth(row)[0] ?? 0);
    const away = (row: number) =>
      Math.min(...known.map((at) => Math.abs(at - (truth(row)[0] ?? 0))));
    const others = Array.from({ length: 10 }, (_, row) => row).filter((row) => !rows.includes(row));
    expect(away(next)).toBeGreaterThanOrEqual(Math.max(...others.map(away)) - 1e-12);
  });

  it('stops once rounds one after another are good, and not for good ones apart from each other', async () => {
    const values = [1, 1, 1, 1, 1, 5, 1, 1, 1, 1];
    const measure = async (candidate: number) => [values[candidate] ?? 0];
    const run = (patience: number) =>
      learnActively(
        { ...task, measure },
        { ...options, initial: 5, most: 10, errorAtMost: 0.01, patience },
        1,
      );
    const hasty = await run(1);
    const patient = await run(11);
    expect(hasty.converged).toBe(true);
    expect(hasty.rows.length).toBeLessThan(patient.rows.length);
    expect(patient.converged).toBe(false);
  });

  it('passes over what cannot be measured, and goes on without a quantity that is no longer read', async () => {
    let left = 3;
    const measure = (candidate: number) => {
      if (candidate === 4) return Promise.resolve(undefined);
      left -= 1;
      return Promise.resolve([...truth(candidate), left > 0 ? 1 : Number.NaN]);
    };
    const { rows } = await learnActively({ ...task, measure }, { ...options, most: 99 }, 1);
    expect([...rows].sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 5, 6, 7, 8, 9]);
  });

  it('does not stop early for a regressor that takes everything for noise', async () => {
    const noise: FitRegressor = (_known, y) => ({
      predict: (asked) => {
        const all = (value: number) => new Float64Array(asked.values.length).fill(value);
        const spread = standardDeviation(y);
        return {
          mean: all(mean(y)),
          aleatoric: all(spread),
          epistemic: all(spread / Math.sqrt(y.length)),
        };
      },
    });
    const values = Float64Array.from({ length: 60 }, (_, row) => row);
    const measure = async (candidate: number) => [candidate % 7];
    const { rows } = await learnActively(
      { candidates: { values, width: 1 }, learn: noise, measure },
      { ...LEARNING, most: 50 },
      1,
    );
    expect(rows.length).toBe(50);
  });

  it('takes the same candidates for the same seed', async () => {
    const [one, other] = await Promise.all(
      [1, 1].map((seed) => learnActively(task, options, seed)),
    );
    expect(one).toEqual(other);
  });

  it('knows a function with fewer measurements than chance', async () => {
    // Flat but for a corner of the square, where all that is to be learnt lies.
    const random = createRandom(4);
    const values = Float64Array.from({ length: 400 }, () => random.uniform());
    const points = { values, width: 2 };
    const y = Float64Array.from({ length: 200 }, (_, row) => {
      const [a = 0, b = 0] = values.subarray(2 * row, 2 * row + 2);
      return a > 0.7 && b > 0.7 ? 1 + 10 * (a + b - 1.4) : 1;
    });
    const learn = randomForest({ trees: 15, leafPoints: 1, share: 1 });
    const errorAfter = (rows: readonly number[]): number => {
      const known = Float64Array.from(
        rows.flatMap((row) => [...values.subarray(2 * row, 2 * row + 2)]),
      );
      const told = learn(
        { values: known, width: 2 },
        Float64Array.from(rows, (row) => y[row] ?? 0),
        1,
      );
      return errorOf(told.predict(points).mean, y).mse;
    };
    const wins = await Promise.all(
      [1, 2, 3, 4, 5].map(async (seed) => {
        const measure = async (candidate: number) => [y[candidate] ?? 0];
        const limits = { ...options, initial: 12, most: 30 };
        const { rows } = await learnActively({ candidates: points, learn, measure }, limits, seed);
        const chance = Array.from({ length: 200 }, (_, row) => row);
        createRandom(seed + 100).shuffle(chance);
        return errorAfter(rows) < errorAfter(chance.slice(0, 30));
      }),
    );
    expect(wins.filter(Boolean).length).toBeGreaterThanOrEqual(4);
  });
});

describe('farthestPoints', () => {
  it('are all different, as many as asked for, and the outlier is among the first two or is the first', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), fc.nat(), (count, seed) => {
        const rows = farthestPoints(line, count, createRandom(seed));
        expect(rows.length).toBe(Math.min(count, 10));
        expect(new Set(rows).size).toBe(rows.length);
        if (count >= 2) expect(rows.slice(0, 2)).toContain(9);
      }),
    );
  });

  it('do not depend on the units of the columns', () => {
    const values = Float64Array.from([0, 0, 1, 0, 0, 1, 5, 2, 3, 3]);
    const scaled = values.map((value, i) => (i % 2 === 0 ? 1000 * value : value));
    const rowsIn = (cells: Float64Array) =>
      farthestPoints({ values: cells, width: 2 }, 4, createRandom(2));
    expect(rowsIn(scaled)).toEqual(rowsIn(values));
  });
});

describe('heldOut', () => {
  it('tells each row without having seen it', () => {
    // The nearest other point of a line of points is its neighbour, never the point itself.
    const points = { values: Float64Array.from({ length: 20 }, (_, i) => i), width: 1 };
    const told = heldOut(nearest, points, points.values, 3);
    expect(told.some((value, i) => value === i)).toBe(false);
  });

  it('refuses fewer rows than parts', () => {
    const points = { values: new Float64Array(4), width: 1 };
    expect(() => heldOut(nearest, points, new Float64Array(4), 1)).toThrow(RangeError);
  });
});

describe('errorOf', () => {
  it('is relative to each value, and squared to the greatest', () => {
    const found = errorOf(Float64Array.from([11, 90]), Float64Array.from([10, 100]));
    expect(found.mape).toBeCloseTo(0.1, 12);
    expect(found.mse).toBeCloseTo((0.01 ** 2 + 0.1 ** 2) / 2, 12);
  });
});

describe('onLogarithms', () => {
  it('tells values and deviations in the unit of what was measured', () => {
    const known = { values: Float64Array.from([0, 1]), width: 1 };
    const learnt = onLogarithms(nearest)(known, Float64Array.from([10, 1000]), 1);
    const { mean, epistemic } = learnt.predict({ values: Float64Array.from([0.25]), width: 1 });
    expect(mean[0]).toBeCloseTo(10, 9);
    expect(epistemic[0]).toBeCloseTo(2.5, 9);
  });

  it('refuses what has no logarithm', () => {
    const known = { values: Float64Array.from([0]), width: 1 };
    expect(() => onLogarithms(nearest)(known, Float64Array.from([0]), 1)).toThrow(RangeError);
  });
});

describe('rankRegressors', () => {
  it('puts first what tells best of rows held out', () => {
    const values = Float64Array.from({ length: 20 }, (_, i) => i + 1);
    const points = { values, width: 1 };
    const constant = { values: new Float64Array(20), width: 1 };
    const kinds = [{ kind: 'nearest', summary: '', fit: nearest }];
    const [best, worst] = rankRegressors(
      { analytic: constant, embedding: points },
      kinds,
      values,
      1,
    );
    expect(best?.features).toBe('embedding');
    expect(worst?.mape ?? 0).toBeGreaterThan(best?.mape ?? 1);
  });
});

describe('leastSquaresAboveZero', () => {
  const rows = fc.array(
    fc.tuple(
      fc.double({ min: 0.1, max: 9, noNaN: true }),
      fc.double({ min: 0.1, max: 9, noNaN: true }),
    ),
    { minLength: 3, maxLength: 8 },
  );

  it('finds rates that are there', () => {
    const a = [
      [1, 0, 2],
      [0, 3, 1],
      [2, 2, 0],
      [1, 1, 1],
    ];
    const x = [0.5, 0, 2];
    const y = a.map((row) => row.reduce((sum, value, j) => sum + value * (x[j] ?? 0), 0));
    for (const [j, found] of leastSquaresAboveZero(a, y).entries()) {
      expect(found).toBeCloseTo(x[j] ?? 0, 6);
    }
  });

  it('cannot be bettered by a small step that keeps above 0', () => {
    fc.assert(
      fc.property(
        rows,
        fc.infiniteStream(fc.double({ min: -5, max: 5, noNaN: true })),
        (a, stream) => {
          const y = a.map(() => stream.next().value as number);
          const x = leastSquaresAboveZero(a, y);
          const off = (asked: readonly number[]) =>
            a.reduce(
              (sum, row, i) =>
                sum + (row.reduce((all, v, j) => all + v * (asked[j] ?? 0), 0) - (y[i] ?? 0)) ** 2,
              0,
            );
          expect(Math.min(...x)).toBeGreaterThanOrEqual(0);
          for (const [j, value] of x.entries()) {
            for (const step of [1e-3, -1e-3]) {
              if (value + step < 0) continue;
              expect(off(x.with(j, value + step))).toBeGreaterThanOrEqual(off(x) - 1e-6);
            }
          }
        },
      ),
      { numRuns: 20 },
    );
  });
});
