// What columns of points are worth, as a normal distribution: with known shares of them, and known noise.
//
// Notation   N points, C columns; X (N, C) the points, each column weighted
//            R (N, N) = X X' + r I, r the noise ratio, R = L L'
//            y (N,) the values less their mean, b = L^-1 y, v = b'b / N the likeliest variance of what a column is worth
import { cholesky } from '../../linear-algebra/cholesky.ts';
import { type Dense, dense } from '../../linear-algebra/dense.ts';
import { dot, gramOfRows, transposed, withDiagonal } from '../../linear-algebra/products.ts';
import { sparseRows, timesRows, transposedTimes } from '../../linear-algebra/sparse-rows.ts';
import { solveTriangular } from '../../linear-algebra/triangular.ts';
import { mean } from '../../statistics.ts';
import { rowOf } from '../points.ts';
import { countOf, type Points } from '../regressor.ts';
import type { Trend } from './trend.ts';

export interface Effects {
  /** ln p(y | X, r), but for a constant. */
  readonly likelihood: number;
  trend(): Trend;
}

/** A doubt is at least this share of the effects' standard deviation: its gradient has no end where it is 0. */
const LEAST_DOUBT = 1e-6;

/**
 * Bayesian linear regression (Rasmussen and Williams 2006, "Gaussian processes for machine learning", section 2.1), once for
 * each noise ratio. `scale`: (C,) what columns are multiplied by.
 */
export function effectsOf(
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

  /** Of points Z (rows, C): L^-1 X Z', and in deviations how much they are in doubt. */
  function doubtOf(z: Points) {
    const told = solveTriangular(forwards, timesRows(known, z));
    const doubt = sumsOfSquares(transposed(told)).map((explained, row) => {
      const point = rowOf(z, row);
      return Math.sqrt(Math.max(dot(point, point) - explained, LEAST_DOUBT ** 2));
    });
    return { told, doubt };
  }

  return {
    at(values) {
      const z = { values: scaled(values, scale), width: columns };
      return {
        mean: Float64Array.from(
          { length: countOf(z) },
          (_, row) => middle + dot(worth, rowOf(z, row)),
        ),
        doubt: doubtOf(z).doubt.map((one) => deviation * one),
      };
    },
    gradient(values, byDoubt) {
      const z = { values: scaled(values, scale), width: columns };
      const { told, doubt } = doubtOf(z);
      const weights = transposed(solveTriangular(backwards, told));
      const gradients = new Float64Array(values.length);
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
    },
  };
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
