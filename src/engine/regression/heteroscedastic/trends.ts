// Trends: fitted to the values first, so that the networks learn only the residuals.

import { cholesky } from '../../linear-algebra/cholesky.ts';
import { symmetricEigen } from '../../linear-algebra/decompositions.ts';
import {
  type Dense,
  dense,
  dot,
  gramOfRows,
  transposed,
  withDiagonal,
} from '../../linear-algebra/dense.ts';
import { sparseRows, timesRows, transposedTimes } from '../../linear-algebra/sparse-rows.ts';
import { solveTriangular } from '../../linear-algebra/triangular.ts';
import { mean } from '../../statistics.ts';
import { columnsOf, countOf, type DistinctPoints, type Points, rowOf } from '../regressor.ts';

export interface Trend {
  /** At x (rows, inputs). */
  at(x: Float64Array): TrendAt;
}

interface TrendAt {
  /** (rows,) in the unit of the values. */
  readonly mean: Float64Array;
  /** (rows,) standard deviation of the mean. */
  readonly doubt: Float64Array;
  /** (rows, inputs): gradient by x of the mean plus the doubt times `byDoubt` (rows,); absent = of the mean alone. */
  gradient(byDoubt?: Float64Array): Float64Array;
}

/** Fits a trend to values `y` (rows,), or to the means of equal points. */
export type FitTrend = (
  every: { readonly points: Points; readonly y: Float64Array },
  once: DistinctPoints,
) => {
  readonly trend: Trend;
  /** (rows,) what each value is compared with; the networks learn the difference. */
  readonly expected: Float64Array;
};

// Additive effects: each option of each choice has an effect, with more uncertainty for rare options.

/** Ratios of the noise variance to the variance of all effects. */
const NOISE_RATIOS = [0.03, 0.1, 0.4, 1.5, 6];

/** With two parts, the second part's share of the variance of all effects. */
const SECOND_SHARES = [0.1, 0.3, 0.5];

/**
 * Bayesian linear regression with the most likely noise and, with two parts, the most likely shares. `parts` are the widths
 * of the parts of a point; within each part, the sum of squares of a point's columns is the same for all points, as in
 * one-hot coding. Throws `RangeError` for more than two parts.
 */
export function additiveTrend(points: Points, y: Float64Array, parts: readonly number[]): Trend {
  const units = unitsOf(points, parts);
  const found = sharesOf(parts).flatMap((shares) => {
    const scale = parts.flatMap((width, p) =>
      new Array<number>(width).fill(Math.sqrt((shares[p] as number) / (units[p] as number))),
    );
    return effectsOf(points, y, Float64Array.from(scale), NOISE_RATIOS);
  });
  return found.reduce((a, b) => (b.likelihood > a.likelihood ? b : a)).trend();
}

/** Sum of the squares of a point's columns, of each part. */
function unitsOf(points: Points, parts: readonly number[]): readonly number[] {
  const squares = columnsOf(points).map((column) => mean(column.map((value) => value ** 2)));
  let from = 0;
  return parts.map((width) => {
    const sum = squares.slice(from, from + width).reduce((total, square) => total + square, 0);
    from += width;
    return sum || 1;
  });
}

function sharesOf(parts: readonly number[]): readonly (readonly number[])[] {
  if (parts.length === 1) return [[1]];
  if (parts.length > 2) throw new RangeError(`effects of ${parts.length} parts, at most two`);
  return SECOND_SHARES.map((share) => [1 - share, share]);
}

// The normal posterior of the effects of columns, for known shares and known noise.
//
// Notation   N points, C columns; X (N, C) the points, each column weighted
//            R (N, N) = X X' + r I, r the noise ratio, R = L L'
//            y (N,) the values less their mean, b = L^-1 y, v = b'b / N the most likely variance of an effect

interface Effects {
  /** ln p(y | X, r), except for a constant. */
  readonly likelihood: number;
  trend(): Trend;
}

/** Least doubt, as a share of the effects' standard deviation: its gradient is infinite at 0. */
const LEAST_DOUBT = 1e-6;

/**
 * Bayesian linear regression (Rasmussen and Williams 2006, "Gaussian processes for machine learning", section 2.1), once for
 * each noise ratio. `scale` (C,) has the factors on the columns.
 */
function effectsOf(
  points: Points,
  y: Float64Array,
  scale: Float64Array,
  ratios: readonly number[],
): readonly Effects[] {
  const count = countOf(points);
  const x = dense(count, points.width, scaled(points.values, scale));
  const gram = gramOfRows(x);
  const middle = mean(y);
  const values = column(y.map((value) => value - middle));
  return ratios.map((ratio) => {
    const { lower, logDeterminant } = cholesky(withDiagonal(gram, ratio));
    const { values: b } = solveTriangular({ matrix: lower, half: 'lower' }, values);
    const variance = dot(b, b) / count || Number.MIN_VALUE;
    return {
      likelihood: -(logDeterminant + count * Math.log(variance)) / 2,
      trend: () => trendOf({ x, lower, b, scale, middle, deviation: Math.sqrt(variance) }),
    };
  });
}

interface Posterior {
  readonly x: Dense;
  readonly lower: Dense;
  readonly b: Float64Array;
  readonly scale: Float64Array;
  readonly middle: number;
  /** sqrt v */
  readonly deviation: number;
}

function trendOf({ x, lower, b, scale, middle, deviation }: Posterior): Trend {
  const { columns } = x;
  const known = sparseRows(x);
  const forwards = { matrix: lower, half: 'lower' } as const;
  const backwards = { ...forwards, transposed: true } as const;
  const worth = transposedTimes(known, solveTriangular(backwards, column(b)).values, columns);

  /** For points Z (rows, C): L^-1 X Z', and the doubt in standard deviations of an effect. */
  function doubtOf(z: Points) {
    const solved = solveTriangular(forwards, timesRows(known, z));
    const doubt = sumsOfSquares(transposed(solved)).map((explained, row) => {
      const point = rowOf(z, row);
      return Math.sqrt(Math.max(dot(point, point) - explained, LEAST_DOUBT ** 2));
    });
    return { solved, doubt };
  }

  return {
    at(values) {
      const z = { values: scaled(values, scale), width: columns };
      const { solved, doubt } = doubtOf(z);
      return {
        mean: Float64Array.from(
          { length: countOf(z) },
          (_, row) => middle + dot(worth, rowOf(z, row)),
        ),
        doubt: doubt.map((one) => deviation * one),
        gradient: (byDoubt = new Float64Array(doubt.length)) =>
          gradientOf(z, byDoubt, solved, doubt),
      };
    },
  };

  function gradientOf(z: Points, byDoubt: Float64Array, solved: Dense, doubt: Float64Array) {
    const weights = transposed(solveTriangular(backwards, solved));
    const gradients = new Float64Array(z.values.length);
    for (let row = 0; row < doubt.length; row++) {
      const back = transposedTimes(known, rowOf(pointsOf(weights), row), columns);
      const factor = ((byDoubt[row] as number) * deviation) / (doubt[row] as number);
      const point = rowOf(z, row);
      for (let c = 0; c < columns; c++) {
        const by = (worth[c] as number) + factor * ((point[c] as number) - (back[c] as number));
        gradients[row * columns + c] = (scale[c] as number) * by;
      }
    }
    return gradients;
  }
}

function column(values: Float64Array): Dense {
  return dense(values.length, 1, values);
}

function pointsOf({ values, columns }: Dense): Points {
  return { values, width: columns };
}

function sumsOfSquares(matrix: Dense): Float64Array {
  const rows = pointsOf(matrix);
  return Float64Array.from({ length: matrix.rows }, (_, row) =>
    dot(rowOf(rows, row), rowOf(rows, row)),
  );
}

function scaled(values: Float64Array, scale: Float64Array): Float64Array {
  const width = scale.length;
  const found = new Float64Array(values.length);
  for (let from = 0; from < values.length; from += width) {
    for (let c = 0; c < width; c++) {
      found[from + c] = (values[from + c] as number) * (scale[c] as number);
    }
  }
  return found;
}

// The linear trend: ridge regression, with the ridge from leave-one-out errors.
//
// Notation   N points, E coordinates
//            X (N, E) and y (N,) less their means; X'X = Q diag(d) Q', Z = X Q; l the ridge
//            w (E,) = Z'y / (d + l), slopes along Q; h (N,) leverage of each point

/** Its doubt is 0: the ridge limits the slopes instead. */
interface LinearTrend extends Trend {
  /** (E,) slopes by coordinate. */
  readonly slopes: Float64Array;
}

/** Ridges to try, ascending, in number of points at unit distance that hold a slope at 0. */
const RIDGES = Array.from({ length: 13 }, (_, i) => 10 ** (i / 3 - 1));

/** Least 1 - h: a single point has the leverage 1. */
const LEAST_FREE = 1e-9;

/**
 * Hoerl and Kennard 1970, "Ridge regression: biased estimation for nonorthogonal problems", with the ridge that has
 * the least leave-one-out error (Allen 1974, "The relationship between variable selection and data
 * augmentation and a method for prediction"). `points` must be distinct, see `distinctPoints`.
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
      gradient: () => x.map((_, i) => at(slopes, i % width)),
    }),
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
