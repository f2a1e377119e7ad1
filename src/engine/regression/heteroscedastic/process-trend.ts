// The trend of smooth functions over numbers: a Gaussian process, which meets known points and is sure of itself beside them.
//
// Notation   N points, E coordinates; l (E,) length scales, R (N, N) correlations with the noise ratio on the diagonal
//            R = L L', W = L^-1, a (N,) = R^-1 (y - mean y), v the variance of the process
//            k (N,) correlations of a place with the points; mean = mean y + k'a, doubt^2 = v (1 - |W k|^2)
import { cholesky } from '../../linear-algebra/cholesky.ts';
import { dense, dot } from '../../linear-algebra/dense.ts';
import { solveTriangular } from '../../linear-algebra/triangular.ts';
import { mean } from '../../statistics.ts';
import type { Kernel } from '../gaussian-posterior.ts';
import { likeliestKernel } from '../gaussian-process.ts';
import { inLengthScales, matern52, matern52Slope, squaredDistances } from '../matern.ts';
import { countOf, type Points, rowOf } from '../regressor.ts';
import type { FitTrend, Trend } from './trends.ts';

/** Deviation of ln (length scale / typical one) a priori: within a factor of 3 for two in three. Our choice. */
const PRIOR = 1;

/** Steps of the descent that seeks the kernel: each starts where the last one ended. Our choice. */
const STEPS = 12;

/** The kernel is sought again once the number of points has grown by this factor. Our choice. */
const GROWTH = 1.1;

/** Least share of the variance that is left: the gradient of the doubt is infinite at 0. */
const LEAST_LEFT = 1e-8;

/** Equal values leave no variance; gradients are divided by its root. */
const LEAST_VARIANCE = 1e-200;

/**
 * Matern 5/2 kernel with a length scale for each coordinate. Call it with ever more points: it remembers its kernel. A value is
 * compared with the mean at its point as if the value were not known.
 * Rasmussen and Williams 2006, "Gaussian processes for machine learning", Alg. 2.1 and eq. 5.12 (leave-one-out).
 */
export function processTrend(): FitTrend {
  let kernel: Kernel | undefined;
  let until = 0;
  return ({ points, y }) => {
    if (!kernel || y.length >= until) {
      const options = { each: true, prior: PRIOR, steps: STEPS };
      kernel = likeliestKernel(points, y, options, kernel).kernel;
      until = Math.ceil(GROWTH * y.length);
    }
    return through(points, y, kernel);
  };
}

function through(points: Points, y: Float64Array, kernel: Kernel): ReturnType<FitTrend> {
  const { lengthScales } = kernel;
  const { width } = points;
  const count = y.length;
  const known = inLengthScales(points, lengthScales);
  const w = inverseOf(correlationsOf(known, kernel.noiseRatio), count);
  const middle = mean(y);
  const centred = y.map((value) => value - middle);
  const b = timesLower(w, centred);
  const a = timesUpper(w, b);
  const variance = Math.max(dot(b, b) / count, LEAST_VARIANCE);

  function at(x: Float64Array) {
    const asked = inLengthScales({ values: x, width }, lengthScales);
    return Array.from({ length: countOf(asked) }, (_, row) => {
      const here = rowOf(asked, row);
      const squares = squaredDistances(here, known);
      const k = squares.map(matern52);
      const u = timesLower(w, k);
      const doubt = Math.sqrt(variance * Math.max(1 - dot(u, u), LEAST_LEFT));
      return { here, squares, u, mean: middle + dot(k, a), doubt };
    });
  }

  const trend: Trend = {
    at(x) {
      const found = at(x);
      return {
        mean: Float64Array.from(found, (one) => one.mean),
        doubt: Float64Array.from(found, (one) => one.doubt),
      };
    },
    gradient(x, byDoubt) {
      const gradients = new Float64Array(x.length);
      for (const [row, { here, squares, u, doubt }] of at(x).entries()) {
        const solved = timesUpper(w, u);
        const factor = ((byDoubt[row] as number) * variance) / doubt;
        const into = gradients.subarray(row * width, (row + 1) * width);
        for (let i = 0; i < count; i++) {
          const byCorrelation = (a[i] as number) - factor * (solved[i] as number);
          const pull = -2 * byCorrelation * matern52Slope(squares[i] as number);
          const from = i * width;
          for (let e = 0; e < width; e++) {
            const apart = (here[e] as number) - (known.values[from + e] as number);
            into[e] = (into[e] as number) + pull * apart;
          }
        }
        for (let e = 0; e < width; e++) into[e] = (into[e] as number) / (lengthScales[e] as number);
      }
      return gradients;
    },
  };
  const expected = y.map((value, i) => value - (a[i] as number) / squareOfColumn(w, count, i));
  return { trend, expected };
}

function correlationsOf(known: Points, noiseRatio: number): Float64Array {
  const count = countOf(known);
  const values = new Float64Array(count * count);
  for (let i = 0; i < count; i++) {
    values.set(squaredDistances(rowOf(known, i), known).map(matern52), i * count);
    values[i * count + i] = 1 + noiseRatio;
  }
  return values;
}

/** W, (count, count). */
function inverseOf(correlations: Float64Array, count: number): Float64Array {
  const { lower } = cholesky(dense(count, count, correlations));
  const identity = new Float64Array(count * count);
  for (let i = 0; i < count; i++) identity[i * count + i] = 1;
  return solveTriangular({ matrix: lower, half: 'lower' }, dense(count, count, identity)).values;
}

/** W x */
function timesLower(w: Float64Array, x: Float64Array): Float64Array {
  const count = x.length;
  const product = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    let sum = 0;
    for (let j = 0; j <= i; j++) sum += (w[i * count + j] as number) * (x[j] as number);
    product[i] = sum;
  }
  return product;
}

/** W' x */
function timesUpper(w: Float64Array, x: Float64Array): Float64Array {
  const count = x.length;
  const product = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const factor = x[i] as number;
    for (let j = 0; j <= i; j++) {
      product[j] = (product[j] as number) + factor * (w[i * count + j] as number);
    }
  }
  return product;
}

/** Diagonal element i of R^-1. */
function squareOfColumn(w: Float64Array, count: number, i: number): number {
  let sum = 0;
  for (let row = i; row < count; row++) sum += (w[row * count + i] as number) ** 2;
  return sum;
}
