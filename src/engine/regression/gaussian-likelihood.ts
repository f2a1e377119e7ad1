// Marginal likelihood of a kernel for the observed values, with its gradient.
//
// Notation   N points known, E coordinates of each
//            theta   logarithms of the length scales, of which there are one, or one for each group of coordinates, then of
//                    the noise ratio g
//            R       (N, N) = Matern correlations + g I
//            alpha   (N,) = R^-1 (y - mean y)

import { choleskyWithJitter } from '../linear-algebra/cholesky.ts';
import { dense, dot, timesVector } from '../linear-algebra/dense.ts';
import { inverseOfProduct } from '../linear-algebra/triangular.ts';
import type { Kernel } from './gaussian-posterior.ts';
import { type Correlations, correlationsOf, inLengthScales } from './matern.ts';
import type { Points } from './regressor.ts';

export interface Likelihood {
  /** Log likelihood at the most likely variance of the function. */
  readonly value: number;
  /** (theta,): gradient by each logarithm. */
  readonly gradient: Float64Array;
  /** The most likely variance of the function. */
  readonly variance: number;
}

/** Least variance, because equal values would have an infinite likelihood. */
const LEAST_VARIANCE = 1e-300;

/** `groups` are the widths of groups of neighbouring coordinates that share a length scale; absent = one for all. */
export function kernelOf(theta: Float64Array, groups?: readonly number[]): Kernel {
  const scales = theta.subarray(0, -1).map(Math.exp);
  return {
    lengthScales: groups
      ? Float64Array.from(groups.flatMap((width, g) => Array(width).fill(scales[g])))
      : scales,
    noiseRatio: Math.exp(theta[theta.length - 1] as number),
  };
}

/**
 * `centred` is y - mean y, (N,). O(N^3 + N^2 E). Rasmussen and Williams 2006, "Gaussian processes for machine learning",
 * eqs. 2.30 and 5.9, with the variance of the function put at its optimum (alpha' y / N), where its own slope is 0.
 */
export function profileLikelihood(
  points: Points,
  centred: Float64Array,
  theta: Float64Array,
  groups?: readonly number[],
): Likelihood {
  const count = centred.length;
  const { lengthScales, noiseRatio } = kernelOf(theta, groups);
  const scaled = inLengthScales(points, lengthScales);
  const correlations = correlationsOf(scaled, noiseRatio);
  const decomposed = choleskyWithJitter(dense(count, count, correlations.values));
  const inverted = inverseOfProduct(decomposed.lower);
  const inverse = inverted.values;
  const alpha = timesVector(inverted, centred);
  const variance = Math.max(dot(alpha, centred) / count, LEAST_VARIANCE);
  const value = -0.5 * (count * (Math.log(2 * Math.PI * variance) + 1) + decomposed.logDeterminant);
  // d value / d R, element by element of the lower half.
  const pull = inverse;
  for (let i = 0; i < count; i++) {
    for (let j = 0; j <= i; j++) {
      const product = (alpha[i] as number) * (alpha[j] as number);
      pull[i * count + j] = 0.5 * (product / variance - (inverse[i * count + j] as number));
    }
  }
  const gradient = new Float64Array(theta.length);
  const slopes = scaleSlopes(scaled, correlations, pull, lengthScales.length);
  gradient.set(groups ? sumsOver(groups, slopes) : slopes);
  for (let i = 0; i < count; i++) {
    gradient[theta.length - 1] =
      (gradient[theta.length - 1] as number) + noiseRatio * (pull[i * count + i] as number);
  }
  return { value, gradient, variance };
}

/** d value / d ln l, for one length scale or for each coordinate: r^2 falls by 2 (its share of r^2) there. */
function scaleSlopes(
  { values, width }: Points,
  { squared, slopes: bySquare }: Correlations,
  pull: Float64Array,
  scales: number,
): Float64Array {
  const count = values.length / width;
  const slopes = new Float64Array(scales);
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < i; j++) {
      const r2 = squared[i * count + j] as number;
      // Each pair is in R twice.
      const weight = 4 * (pull[i * count + j] as number) * (bySquare[i * count + j] as number);
      for (let place = 0; place < scales; place++) {
        const apart = (values[i * width + place] as number) - (values[j * width + place] as number);
        slopes[place] = (slopes[place] as number) + weight * (scales === 1 ? r2 : apart ** 2);
      }
    }
  }
  return slopes;
}

/** Sums of neighbours. */
function sumsOver(groups: readonly number[], values: Float64Array): Float64Array {
  let from = 0;
  return Float64Array.from(groups, (width) => {
    const to = from + width;
    let sum = 0;
    for (; from < to; from++) sum += values[from] as number;
    return sum;
  });
}
