// From good places and random ones up the acquisition, and from where that ends to candidates.

import type { AcquisitionWeights } from '../../../engine/regression/heteroscedastic/acquisition.ts';
import type { HeteroscedasticRegressor } from '../../../engine/regression/heteroscedastic/heteroscedastic.ts';
import type { Points } from '../../../engine/regression/regressor.ts';
import { extent } from '../../../engine/statistics.ts';
import { type Bounds, gobi } from './gobi.ts';

export interface Climb {
  readonly surrogate: HeteroscedasticRegressor;
  readonly weights: AcquisitionWeights;
  /** Of all candidates. */
  readonly points: Points;
  readonly bounds: Bounds;
  /** Candidates from which to climb. */
  readonly starts: readonly number[];
  readonly iterations: number;
  readonly secondOrder: boolean;
  readonly seed: number;
}

/** (starts, E): where the climbs end. */
export function climb(task: Climb): Points {
  const { points, starts, bounds } = task;
  const { width } = points;
  const target = task.surrogate.acquisition(task.weights, starts.length);
  starts.forEach((candidate, row) => {
    target.weights.set(rowOf(points, candidate), row * width);
  });
  gobi(target, bounds, task);
  return { values: Float64Array.from(target.weights), width };
}

export function boundsOf({ values, width }: Points): Bounds {
  const sides = Array.from({ length: width }, (_, i) =>
    extent(values.filter((_, place) => place % width === i)),
  );
  return {
    least: Float64Array.from(sides, ([least]) => least),
    most: Float64Array.from(sides, ([, most]) => most),
  };
}

/** The nearest of `among` to each end, nearest first. */
export function nearestTo(
  ends: Points,
  points: Points,
  among: readonly number[],
  count: number,
): readonly (readonly number[])[] {
  const rows = Array.from({ length: ends.values.length / ends.width }, (_, row) =>
    rowOf(ends, row),
  );
  return rows.map((end) => {
    const distances = new Map(
      among.map((candidate) => [candidate, squaredDistance(rowOf(points, candidate), end)]),
    );
    const distance = (candidate: number) => distances.get(candidate) as number;
    return among.toSorted((a, b) => distance(a) - distance(b)).slice(0, count);
  });
}

export function rowOf({ values, width }: Points, row: number): Float64Array {
  return values.subarray(row * width, (row + 1) * width);
}

/** Points of some candidates, one after the other. */
export function pointsOf(points: Points, candidates: readonly number[]): Points {
  const values = new Float64Array(candidates.length * points.width);
  candidates.forEach((candidate, row) => {
    values.set(rowOf(points, candidate), row * points.width);
  });
  return { values, width: points.width };
}

function squaredDistance(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += ((a[i] as number) - (b[i] as number)) ** 2;
  return sum;
}
