// The trend of smooth functions over numbers: a Gaussian process, which meets known points and is sure of itself beside them.
//
// Notation   N points, E coordinates; l (E,) length scales, R (N, N) correlations with the noise ratio on the diagonal
//            R = L L', W = L^-1, a (N,) = R^-1 (y - mean y), v the variance of the process
//            k (N,) correlations of a place with the points; mean = mean y + k'a, doubt^2 = v (1 - |W k|^2)
import { cholesky } from '../../linear-algebra/cholesky.ts';
import { dense, dot, transposed } from '../../linear-algebra/dense.ts';
import { inverseOfLower, timesTriangle } from '../../linear-algebra/triangular.ts';
import { mean } from '../../statistics.ts';
import type { Kernel } from '../gaussian-posterior.ts';
import { likeliestKernel } from '../gaussian-process.ts';
import {
  correlationsOf,
  inLengthScales,
  matern52,
  matern52Slope,
  squaredDistances,
} from '../matern.ts';
import { countOf, type Points, rowOf } from '../regressor.ts';
import type { FitTrend } from './trends.ts';

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
 * Matern 5/2 kernel with a length scale for each coordinate, or for each of `groups` of neighbouring ones. Call it with ever more
 * points: it remembers its kernel. A value is compared with the mean at its point as if the value were not known.
 * Rasmussen and Williams 2006, "Gaussian processes for machine learning", Alg. 2.1 and eq. 5.12 (leave-one-out).
 */
export function processTrend(groups?: readonly number[]): FitTrend {
  let kernel: Kernel | undefined;
  let until = 0;
  return ({ points, y }) => {
    if (!kernel || y.length >= until) {
      const options = { each: true, prior: PRIOR, steps: STEPS, ...(groups && { groups }) };
      kernel = likeliestKernel(points, y, options, kernel).kernel;
      until = Math.ceil(GROWTH * y.length);
    }
    return through(points, y, kernel);
  };
}

function through(points: Points, y: Float64Array, kernel: Kernel): ReturnType<FitTrend> {
  const { lengthScales, noiseRatio } = kernel;
  const { width } = points;
  const count = y.length;
  const known = inLengthScales(points, lengthScales);
  const { lower } = cholesky(dense(count, count, correlationsOf(known, noiseRatio).values));
  const w = inverseOfLower(lower);
  const wBack = transposed(w);
  const middle = mean(y);
  const centred = y.map((value) => value - middle);
  const b = timesTriangle(w, 'lower', centred);
  const a = timesTriangle(wBack, 'upper', b);
  const variance = Math.max(dot(b, b) / count, LEAST_VARIANCE);

  function at(x: Float64Array) {
    const asked = inLengthScales({ values: x, width }, lengthScales);
    const rows = Array.from({ length: countOf(asked) }, (_, row) => row);
    const k = new Float64Array(rows.length * count);
    const slopes = new Float64Array(k.length);
    for (const row of rows) {
      correlate(squaredDistances(rowOf(asked, row), known), k, slopes, row * count);
    }
    const u = timesTriangle(w, 'lower', k);
    const of = (values: Float64Array, row: number) =>
      values.subarray(row * count, (row + 1) * count);
    const doubt = Float64Array.from(rows, (row) =>
      Math.sqrt(variance * Math.max(1 - dot(of(u, row), of(u, row)), LEAST_LEFT)),
    );
    return {
      mean: Float64Array.from(rows, (row) => middle + dot(of(k, row), a)),
      doubt,
      gradient(byDoubt: Float64Array) {
        const solved = timesTriangle(wBack, 'upper', u);
        const gradients = new Float64Array(x.length);
        for (const row of rows) {
          const factor = ((byDoubt[row] as number) * variance) / (doubt[row] as number);
          const pulls = Float64Array.from(a, (one, i) => {
            const byCorrelation = one - factor * (solved[row * count + i] as number);
            return -2 * byCorrelation * (slopes[row * count + i] as number);
          });
          const into = rowOf({ values: gradients, width }, row);
          addPulls(into, rowOf(asked, row), known, pulls);
          for (let e = 0; e < width; e++)
            into[e] = (into[e] as number) / (lengthScales[e] as number);
        }
        return gradients;
      },
    };
  }

  // The diagonal of R^-1 = W'W has the squares of the columns of W.
  const expected = y.map((value, i) => {
    const column = wBack.values.subarray(i * count, (i + 1) * count);
    return value - (a[i] as number) / dot(column, column);
  });
  return { trend: { at }, expected };
}

/** Correlations at these r^2, and minus their derivatives, into the two arrays from `at` on. */
function correlate(
  squares: Float64Array,
  correlations: Float64Array,
  slopes: Float64Array,
  at: number,
): void {
  for (let i = 0; i < squares.length; i++) {
    correlations[at + i] = matern52(squares[i] as number);
    slopes[at + i] = matern52Slope(squares[i] as number);
  }
}

/** Adds the way from each known point to this place, times its pull. */
function addPulls(
  into: Float64Array,
  here: Float64Array,
  { values, width }: Points,
  pulls: Float64Array,
): void {
  for (let i = 0; i < pulls.length; i++) {
    const pull = pulls[i] as number;
    for (let e = 0; e < width; e++) {
      const apart = (here[e] as number) - (values[i * width + e] as number);
      into[e] = (into[e] as number) + pull * apart;
    }
  }
}
