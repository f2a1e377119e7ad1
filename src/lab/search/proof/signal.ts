// Whether a table has a signal: the share of the variance that comes from the candidates, and how well near candidates predict
// each other. Without a signal no search can be better than random.

import { squaredDistances } from '../../../engine/regression/matern.ts';
import { type Points, pointsAt } from '../../../engine/regression/regressor.ts';
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

/** Candidates up to which each is predicted, and how many of more. */
const [ALL, SOME] = [5000, 400];

/** Multiples of it lie evenly between whole numbers, and in step with no order: every 64th pair may have the same half. */
const GOLDEN = (Math.sqrt(5) - 1) / 2;

/**
 * R2 of the mean of the `count` nearest candidates as a prediction of each: 1 = exact, 0 = no better than the mean of all. Of
 * more than 5,000 candidates 400, evenly spread, are predicted. `truth` as in `Standing`, all values finite.
 */
export function nearestFit(
  { coordinates }: Pick<Candidates, 'coordinates'>,
  truth: Float64Array,
  count: number,
): number {
  const nearest = nearestOf(coordinates, count);
  const { length } = truth;
  const asked = Array.from({ length: length > ALL ? SOME : length }, (_, i) =>
    length > ALL ? Math.floor(((i * GOLDEN) % 1) * length) : i,
  );
  const values = Float64Array.from(asked, (i) => truth[i] as number);
  const errors = Float64Array.from(
    asked,
    (i) => (truth[i] as number) - mean(nearest(i).map((other) => truth[other] as number)),
  );
  const centre = mean(values);
  return 1 - sumOfSquares(errors) / sumOfSquares(values.map((value) => value - centre));
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
    nearest(squaredDistances(pointsAt(points, [point]), points), point, count).toSorted(
      (a, b) => a - b,
    );
}
