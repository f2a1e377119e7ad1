// What columns of points are worth, as a normal distribution: with known shares of them, and known noise.
//
// Notation   N points, C columns; X (N, C) the points, each column weighted
//            R (N, N) = X X' + r I, r the noise ratio, R = L L'
//            y (N,) the values less their mean, b = L^-1 y, v = b'b / N the likeliest variance of what a column is worth
import { cholesky } from '../../linear-algebra/cholesky.ts';
import { type Dense, dense } from '../../linear-algebra/dense.ts';
import {
  dot,
  gramOfRows,
  times,
  transposed,
  transposedTimes,
  withDiagonal,
} from '../../linear-algebra/products.ts';
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
  const values = dense(
    count,
    1,
    y.map((value) => value - middle),
  );
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
  // L^-1 X: the mean is b' of it times a point. By columns, since few of a candidate's are not 0.
  const known = transposed(solveTriangular({ matrix: lower, half: 'lower' }, x));
  const worth = times(known, b);

  function pointsOf(values: Float64Array): readonly Float64Array[] {
    const all = { values: scaled(values, scale), width: columns };
    return Array.from({ length: countOf(all) }, (_, row) => rowOf(all, row));
  }

  /** In deviations, with what is known of the point. */
  function doubtOf(point: Float64Array) {
    const told = transposedTimes(known, point);
    const left = dot(point, point) - dot(told, told);
    return { told, doubt: Math.sqrt(Math.max(left, LEAST_DOUBT ** 2)) };
  }

  return {
    at(values) {
      const rows = pointsOf(values);
      return {
        mean: Float64Array.from(rows, (point) => middle + dot(worth, point)),
        doubt: Float64Array.from(rows, (point) => deviation * doubtOf(point).doubt),
      };
    },
    gradient(values, byDoubt) {
      const gradients = new Float64Array(values.length);
      for (const [row, point] of pointsOf(values).entries()) {
        const { told, doubt } = doubtOf(point);
        const back = times(known, told);
        const factor = ((byDoubt[row] as number) * deviation) / doubt;
        for (let c = 0; c < columns; c++) {
          const by = (worth[c] as number) + factor * ((point[c] as number) - (back[c] as number));
          gradients[row * columns + c] = (scale[c] as number) * by;
        }
      }
      return gradients;
    },
  };
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
