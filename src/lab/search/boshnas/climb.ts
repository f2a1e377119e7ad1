// From good places and random ones up the acquisition, and from where that ends to candidates.

import type { AcquisitionWeights } from '../../../engine/regression/heteroscedastic/acquisition.ts';
import type { HeteroscedasticRegressor } from '../../../engine/regression/heteroscedastic/heteroscedastic.ts';
import { squaredDistances } from '../../../engine/regression/matern.ts';
import {
  columnsOf,
  countOf,
  type Points,
  pointsAt,
  rowOf,
} from '../../../engine/regression/regressor.ts';
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
  target.weights.set(pointsAt(points, starts).values);
  gobi(target, bounds, task);
  return { values: Float64Array.from(target.weights), width };
}

export function boundsOf(points: Points): Bounds {
  const sides = columnsOf(points).map(extent);
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
  return Array.from({ length: countOf(ends) }, (_, row) => {
    const distances = squaredDistances(rowOf(ends, row), points);
    const distance = (candidate: number) => distances[candidate] as number;
    return among.toSorted((a, b) => distance(a) - distance(b)).slice(0, count);
  });
}

/** Of each group of candidates the one of the greatest acquisition; the greatest of all first. */
export function mostWorth(
  groups: readonly (readonly number[])[],
  surrogate: HeteroscedasticRegressor,
  weights: AcquisitionWeights,
  points: Points,
): readonly number[] {
  const some = [...new Set(groups.flat())];
  const worth = surrogate.worth(weights, pointsAt(points, some));
  const places = new Map(some.map((candidate, place) => [candidate, place]));
  const worthOf = (candidate: number) => worth[places.get(candidate) as number] as number;
  return groups
    .map((group) => group.reduce((a, b) => (worthOf(b) > worthOf(a) ? b : a)))
    .toSorted((a, b) => worthOf(b) - worthOf(a));
}
