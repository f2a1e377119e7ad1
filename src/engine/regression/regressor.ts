// What learns a number from a point, and says how sure it is of it.
//
// Notation   N points known, M points asked for, E coordinates of each
import { mean } from '../statistics.ts';

/** Points, (rows, width) row-major. */
export interface Points {
  readonly values: Float64Array;
  readonly width: number;
}

/** Each (M,). Both uncertainties are standard deviations, in the unit of y. */
export interface Prediction {
  readonly mean: Float64Array;
  /** What repeating a measurement would not take away. */
  readonly aleatoric: Float64Array;
  /** What more points nearby would take away. */
  readonly epistemic: Float64Array;
}

export interface Regressor {
  predict(points: Points): Prediction;
}

/** Same points, values and seed give the same regressor. The same point may be there several times, with other values. */
export type FitRegressor<R extends Regressor = Regressor> = (
  points: Points,
  y: Float64Array,
  seed: number,
) => R;

export function countOf({ values, width }: Points): number {
  return values.length / width;
}

// Rows and columns of points.

/** (E,); a view, not a copy. */
export function rowOf({ values, width }: Points, row: number): Float64Array {
  return values.subarray(row * width, (row + 1) * width);
}

/** These rows, in this order. */
export function pointsAt(points: Points, rows: ArrayLike<number>): Points {
  const { width } = points;
  const values = new Float64Array(rows.length * width);
  for (let i = 0; i < rows.length; i++) values.set(rowOf(points, rows[i] as number), i * width);
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

/** How many points there are. Throws RangeError for none, for one that is not finite, or for more or fewer values. */
export function requireTrainingSet(points: Points, y: Float64Array): number {
  const count = countOf(points);
  if (count !== y.length || count === 0) {
    throw new RangeError(
      `${y.length} values for ${count} points: as many are needed, and one at least`,
    );
  }
  if (!(points.values.every(Number.isFinite) && y.every(Number.isFinite))) {
    throw new RangeError('a point or a value is not finite');
  }
  return count;
}

// Points that are there several times, each once.

export interface DistinctPoints {
  readonly points: Points;
  /** (points,) Mean of each one's values. */
  readonly values: Float64Array;
}

/** Each point where it is first. */
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
