// Regressors predict a number for a point, with its uncertainty. Points are rows of coordinates.
//
// Notation   N training points, M points to predict, E coordinates of each
import { mean } from '../statistics.ts';

/** Points, (rows, width) row-major. */
export interface Points {
  readonly values: Float64Array;
  readonly width: number;
}

/** Each (M,). Both uncertainties are standard deviations, in the unit of y. */
export interface Prediction {
  readonly mean: Float64Array;
  /** Uncertainty that more measurements of the same point do not reduce. */
  readonly aleatoric: Float64Array;
  /** Uncertainty that more points nearby would reduce. */
  readonly epistemic: Float64Array;
}

export interface Regressor {
  predict(points: Points): Prediction;
}

/** The same points, values and seed give the same regressor. A point may occur several times with different values. */
export type FitRegressor<R extends Regressor = Regressor> = (
  points: Points,
  y: Float64Array,
  seed: number,
) => R;

export function countOf({ values, width }: Points): number {
  return values.length / width;
}

/** (E,); a view, not a copy. */
export function rowOf({ values, width }: Points, row: number): Float64Array {
  return values.subarray(row * width, (row + 1) * width);
}

/** These rows, in this order. */
export function pointsAt(points: Points, rows: ArrayLike<number>): Points {
  const { width } = points;
  const values = new Float64Array(rows.length * width);
  // Number by number: a view of each row takes longer than its copy.
  for (let i = 0; i < rows.length; i++) {
    const [to, from] = [i * width, (rows[i] as number) * width];
    for (let k = 0; k < width; k++) values[to + k] = points.values[from + k] as number;
  }
  return { values, width };
}

/** (E, rows): a copy of each. */
export function columnsOf(points: Points): readonly Float64Array[] {
  const { values, width } = points;
  const count = countOf(points);
  return Array.from({ length: width }, (_, place) =>
    Float64Array.from({ length: count }, (_, row) => values[row * width + place] as number),
  );
}

/** The number of points. Throws RangeError if there are none, or non-finite ones, or a different number of values. */
export function requireTrainingSet(points: Points, y: Float64Array): number {
  const count = countOf(points);
  if (count !== y.length || count === 0) {
    throw new RangeError(
      `${y.length} values for ${count} points: expected one value per point, and at least one point`,
    );
  }
  if (!(points.values.every(Number.isFinite) && y.every(Number.isFinite))) {
    throw new RangeError('a point or a value is not finite');
  }
  return count;
}

export interface DistinctPoints {
  readonly points: Points;
  /** (points,) mean of the values of each point. */
  readonly values: Float64Array;
}

/** Distinct points in order of first occurrence, with the mean of their values. */
export function distinctPoints(points: Points, values: Float64Array): DistinctPoints {
  const groups = new Map<string, number[]>();
  for (let row = 0; row < countOf(points); row++) {
    const key = rowOf(points, row).join();
    const rows = groups.get(key);
    if (rows) rows.push(row);
    else groups.set(key, [row]);
  }
  const alike = [...groups.values()];
  return {
    points: pointsAt(
      points,
      alike.map(([first]) => first as number),
    ),
    values: Float64Array.from(alike, (rows) => mean(rows.map((row) => values[row] as number))),
  };
}
