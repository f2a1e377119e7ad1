// What learns a number from a point, and says how sure it is of it.
//
// Notation   N points known, M points asked for, E coordinates of each

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
