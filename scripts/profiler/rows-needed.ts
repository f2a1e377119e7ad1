// How many measurements a regressor needs when it chooses them, and when chance does.
import { createRandom, type Random } from '../../src/engine/random.ts';
import { pointsAt } from '../../src/engine/regression/points.ts';
import { countOf, type FitRegressor, type Points } from '../../src/engine/regression/regressor.ts';
import { median } from '../../src/engine/statistics.ts';
import { LEARNING, leastCertain } from '../../src/lab/profiler/active-learning.ts';
import { errorOf } from '../../src/lab/profiler/cross-validation.ts';
import { farthestPoints } from '../../src/lab/profiler/farthest-points.ts';

/** Measured between two looks at the error. */
const STEP = 4;

/** Rows that nobody learns from. */
const HELD_OUT = 0.25;

export type Strategy = 'active' | 'random';

/** Errors by number of rows measured: [rows, greatest mean squared error of a quantity on rows held out]. */
export type Curve = readonly (readonly [rows: number, error: number])[];

export interface Race {
  readonly points: Points;
  /** (N,) of each quantity. */
  readonly values: readonly Float64Array[];
  readonly learn: FitRegressor;
}

/** Both strategies of a seed have the same rows held out, and begin with as many. */
export function curveOf(race: Race, strategy: Strategy, seed: number): Curve {
  const { points, values, learn } = race;
  const random = createRandom(seed);
  const order = Array.from({ length: countOf(points) }, (_, row) => row);
  random.shuffle(order);
  const kept = order.slice(0, Math.round(HELD_OUT * order.length));
  const pool = order.slice(kept.length);
  const candidates = pointsAt(points, pool);
  const valuesAt = (row: number) => values.map((column) => column[pool[row] as number] as number);
  const rows = [...first(candidates, strategy, random)];
  const curve: (readonly [number, number])[] = [];
  for (;;) {
    const known = pointsAt(candidates, rows);
    const errors = values.map((column) => {
      const y = Float64Array.from(rows, (row) => column[pool[row] as number] as number);
      const told = learn(known, y, seed).predict(pointsAt(points, kept)).mean;
      return errorOf(
        told,
        Float64Array.from(kept, (row) => column[row] as number),
      ).mse;
    });
    curve.push([rows.length, Math.max(...errors)]);
    if (rows.length === pool.length) return curve;
    const measured = { rows, values: rows.map(valuesAt) };
    const tried = new Set(rows);
    const next =
      strategy === 'active'
        ? leastCertain(candidates, measured, tried, learn, LEARNING.fresh, random, seed)
        : shuffledLeft(pool.length, tried, random);
    rows.push(...next.slice(0, STEP).map(({ candidate }) => candidate));
  }
}

function first(candidates: Points, strategy: Strategy, random: Random): readonly number[] {
  if (strategy === 'active') return farthestPoints(candidates, LEARNING.initial, random);
  return shuffledLeft(countOf(candidates), new Set(), random)
    .slice(0, LEARNING.initial)
    .map(({ candidate }) => candidate);
}

function shuffledLeft(count: number, tried: ReadonlySet<number>, random: Random) {
  const left = Array.from({ length: count }, (_, candidate) => ({ candidate })).filter(
    ({ candidate }) => !tried.has(candidate),
  );
  random.shuffle(left);
  return left;
}

/** Rows at which the error is as small for the first time; undefined where it never is. */
export function rowsFor(error: number, curve: Curve): number | undefined {
  return curve.find(([, found]) => found <= error)?.[0];
}

/** Median over the seeds of the error at the last look before so many rows were measured, or at just as many. */
export function errorAt(rows: number, curves: readonly Curve[]): number {
  return median(curves.map((curve) => curve.findLast(([n]) => n <= rows)?.[1] ?? Number.NaN));
}
