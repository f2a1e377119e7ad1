// How many measurements a regressor needs, by what chooses the next ones.
import { createRandom, type Random } from '../../src/engine/random.ts';
import {
  countOf,
  type FitRegressor,
  type Points,
  pointsAt,
} from '../../src/engine/regression/regressor.ts';
import { median } from '../../src/engine/statistics.ts';
import { farthestPoints, LEARNING, leastCertain } from '../../src/lab/profiler/active-learning.ts';
import { errorOf, onLogarithms } from '../../src/lab/profiler/choose-regressor.ts';

/** Measured between two looks at the error. */
const STEP = 6;

/** Rows that nobody learns from. */
const HELD_OUT = 0.25;

/**
 * `doubt`: where the regressor is least certain. `cover`: farthest from all that was measured, whatever it showed. `random`:
 * chance. The first two begin with rows that cover the others.
 */
export const STRATEGIES = ['doubt', 'cover', 'random'] as const;

export type Strategy = (typeof STRATEGIES)[number];

/** Errors by number of rows measured: [rows, greatest mean squared error of a quantity on rows held out]. */
export type Curve = readonly (readonly [rows: number, error: number])[];

export interface Race {
  readonly points: Points;
  /** (N,) of each quantity. */
  readonly values: readonly Float64Array[];
  /** Of the logarithms of values, as in a profile. */
  readonly learn: FitRegressor;
}

/** All strategies of a seed have the same rows held out, and begin with as many. */
export function curveOf(race: Race, strategy: Strategy, seed: number): Curve {
  const { points, values, learn } = race;
  const random = createRandom(seed);
  const order = shuffled(countOf(points), random);
  const kept = order.slice(0, Math.round(HELD_OUT * order.length));
  const pool = order.slice(kept.length);
  const candidates = pointsAt(points, pool);
  const valueAt = (column: Float64Array, row: number) => column[pool[row] as number] as number;
  const predict = onLogarithms(learn);
  const blind =
    strategy === 'random'
      ? shuffled(pool.length, random)
      : farthestPoints(candidates, pool.length, random);
  const rows = blind.slice(0, LEARNING.initial);
  const curve: (readonly [number, number])[] = [];
  for (;;) {
    const known = pointsAt(candidates, rows);
    const errors = values.map((column) => {
      const y = Float64Array.from(rows, (row) => valueAt(column, row));
      const predicted = predict(known, y, seed).predict(pointsAt(points, kept)).mean;
      return errorOf(
        predicted,
        Float64Array.from(kept, (row) => column[row] as number),
      ).mse;
    });
    curve.push([rows.length, Math.max(...errors)]);
    if (rows.length === pool.length) return curve;
    if (strategy === 'doubt') {
      const logarithms = rows.map((row) => values.map((column) => Math.log(valueAt(column, row))));
      const measured = { rows, values: logarithms };
      const next = leastCertain(
        ...([candidates, measured, new Set(rows), learn, LEARNING.fresh, random, seed] as const),
      );
      rows.push(...next.slice(0, STEP).map(({ candidate }) => candidate));
    } else rows.push(...blind.slice(rows.length, rows.length + STEP));
  }
}

function shuffled(count: number, random: Random): number[] {
  const order = Array.from({ length: count }, (_, row) => row);
  random.shuffle(order);
  return order;
}

/** Rows at which the error is as small for the first time; undefined where it never is. */
export function rowsFor(error: number, curve: Curve): number | undefined {
  return curve.find(([, found]) => found <= error)?.[0];
}

/** Median over the seeds of the error at the last look before so many rows were measured, or at just as many. */
export function errorAt(rows: number, curves: readonly Curve[]): number {
  return median(curves.map((curve) => curve.findLast(([n]) => n <= rows)?.[1] ?? Number.NaN));
}
