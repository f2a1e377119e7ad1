// Whether a table has a signal: the share of the variance that comes from the candidates, and how well near candidates predict
// each other. Without a signal no search can be better than random.

import { squaredDistances } from '../../../engine/regression/matern.ts';
import type { Points } from '../../../engine/regression/regressor.ts';
import { rowOf } from '../../../engine/regression/regressor.ts';
import { mean } from '../../../engine/statistics.ts';
import type { Candidates, Outcome } from '../contract.ts';
import { nearest } from '../design-space/edit-distance.ts';

/**
 * Share of the variance of the means over repetitions that is not noise: 1 = no noise, 0 = only noise. One-way
 * random effects, Shrout and Fleiss 1979, "Intraclass correlations", ICC(1, k). Candidates with another number of repetitions
 * than the first feasible one are left out; undefined if there are no repetitions, or all means are equal.
 */
export function reliability(outcomes: readonly Outcome[]): number | undefined {
  const repetitions = outcomes.find(({ values }) => values.length > 0)?.values.length ?? 0;
  const rows = outcomes.filter(({ values }) => values.length === repetitions);
  if (repetitions < 2 || rows.length < 2) return undefined;
  const within = mean(rows.map(({ values }) => variance(values)));
  const between = repetitions * variance(rows.map(({ values }) => mean(values)));
  return between === 0 ? undefined : Math.max(0, (between - within) / between);
}

/** Candidates whose values are predicted; of more, so many that lie evenly among their numbers. */
const ASKED = 2000;

/**
 * R2 of the mean of the `count` nearest candidates as a prediction of each: 1 = exact, 0 = no better than the mean of all.
 * `truth` as in `Standing`, all values finite.
 */
export function nearestFit(
  { coordinates }: Pick<Candidates, 'coordinates'>,
  truth: Float64Array,
  count: number,
): number {
  const nearest = nearestOf(coordinates, count);
  const step = Math.ceil(truth.length / ASKED);
  const asked = truth.filter((_, i) => i % step === 0);
  const errors = asked.map(
    (value, i) => value - mean(nearest(i * step).map((other) => truth[other] as number)),
  );
  const centre = mean(asked);
  return 1 - sumOfSquares(errors) / sumOfSquares(asked.map((value) => value - centre));
}

/** Unbiased. */
function variance(values: readonly number[]): number {
  const centre = mean(values);
  return values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1);
}

function sumOfSquares(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value ** 2, 0);
}

/** The `count` nearest points of a point, ascending by number; for samples in which no two designs are one step apart. */
export function nearestOf(points: Points, count: number): (point: number) => number[] {
  return (point) =>
    nearest(squaredDistances(rowOf(points, point), points), point, count).toSorted((a, b) => a - b);
}
