// The straight part of what is learned: a plane through the values, as steep as points that were left out bear out.
//
// Notation   N points, E coordinates
//            X (N, E) and y (N,) less their means; X'X = Q diag(d) Q', Z = X Q; l the ridge
//            w (E,) = Z'y / (d + l), slopes along Q; h (N,) what of each point's prediction is its own value

import { dense } from '../../linear-algebra/dense.ts';
import { dot } from '../../linear-algebra/products.ts';
import { symmetricEigen } from '../../linear-algebra/symmetric-eigen.ts';
import { mean } from '../../statistics.ts';
import { columnsOf, rowOf } from '../points.ts';
import { countOf, type Points } from '../regressor.ts';
import type { Trend } from './trend.ts';

/** Knows of no doubt: its ridge is what holds it back. */
export interface LinearTrend extends Trend {
  /** (E,) by each coordinate. */
  readonly slopes: Float64Array;
}

/** Ridges that are tried, ascending; each slope is held at 0 as if by so many points a unit away. */
const RIDGES = Array.from({ length: 13 }, (_, i) => 10 ** (i / 3 - 1));

/** A point that is alone is all of its prediction. */
const LEAST_FREE = 1e-9;

/**
 * Hoerl and Kennard 1970, "Ridge regression: biased estimation for nonorthogonal problems", with the ridge that foretells
 * those points best that are left out one by one (Allen 1974, "The relationship between variable selection and data
 * augmentation and a method for prediction"). Each point once, see `distinctPoints`.
 */
export function linearTrend(points: Points, values: Float64Array): LinearTrend {
  const { width } = points;
  const centre = columnsOf(points).map(mean);
  const middle = mean(values);
  const { strengths, axes, z } = turn(points, centre);
  const y = values.map((value) => value - middle);
  const sums = strengths.map((_, e) => z.reduce((sum, row, n) => sum + at(row, e) * at(y, n), 0));
  const along = (ridge: number) => sums.map((sum, e) => sum / (at(strengths, e) + ridge));
  const errors = RIDGES.map((ridge) => {
    const w = along(ridge);
    return z.reduce((total, row, n) => {
      const h =
        row.reduce((sum, value, e) => sum + value ** 2 / (at(strengths, e) + ridge), 0) +
        1 / z.length;
      return total + ((at(y, n) - dot(w, row)) / Math.max(1 - h, LEAST_FREE)) ** 2;
    }, 0);
  });
  const w = along(RIDGES[errors.indexOf(Math.min(...errors))] as number);
  const slopes = Float64Array.from({ length: width }, (_, e) =>
    axes.reduce((sum, axis, k) => sum + at(w, k) * at(axis, e), 0),
  );
  const origin = middle - dot(slopes, Float64Array.from(centre));
  return {
    slopes,
    at: (x) => ({
      mean: Float64Array.from(
        { length: x.length / width },
        (_, row) => origin + dot(slopes, rowOf({ values: x, width }, row)),
      ),
      doubt: new Float64Array(x.length / width),
    }),
    gradient: (x) => x.map((_, i) => at(slopes, i % width)),
  };
}

/** d, Q by its rows, and Z by its rows. */
function turn(points: Points, centre: readonly number[]) {
  const { width } = points;
  const rows = Array.from({ length: countOf(points) }, (_, n) =>
    rowOf(points, n).map((value, e) => value - (centre[e] as number)),
  );
  const products = new Float64Array(width * width);
  for (const row of rows) {
    for (let a = 0; a < width; a++) {
      for (let b = 0; b < width; b++) {
        const place = a * width + b;
        products[place] = at(products, place) + at(row, a) * at(row, b);
      }
    }
  }
  const { values, vectors } = symmetricEigen(dense(width, width, products));
  return {
    strengths: values.map((value) => Math.max(value, 0)),
    axes: vectors,
    z: rows.map((row) => Float64Array.from(vectors, (axis) => dot(axis, row))),
  };
}

function at(values: Float64Array, place: number): number {
  return values[place] as number;
}
