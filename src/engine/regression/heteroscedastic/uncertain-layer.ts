// One layer of uncertain weights with its activation, forward and backward: three ordinary layers and the moments of a
// normal variable. Notation: gaussian-learner.ts; also dm = dO W + 2 m (dT V), ds = dT U.

import { sigmoid } from '../../kernels/plain/logistic.ts';
import { affine, affineToInputs, affineToWeights, type PlacedLayer, wholeLanes } from './layers.ts';

/** (rows, width) each. */
export interface Gaussian {
  readonly mean: Float64Array;
  readonly variance: Float64Array;
}

export interface UncertainWeights {
  /** W, b */
  readonly means: Float64Array;
  /** V, c */
  readonly variances: Float64Array;
  /** U; 0 for biases. */
  readonly spreads: Float64Array;
  /** Derivative of V and c by the learned parameters. */
  readonly rises: Float64Array;
  readonly dMeans: Float64Array;
  readonly dVariances: Float64Array;
  /** Elements for biases are not used. */
  readonly dSpreads: Float64Array;
}

export interface UncertainLayer {
  readonly input: Gaussian;
  readonly output: Gaussian;
  forward(weights: UncertainWeights, rows: number): void;
  /** Adds the gradients of weights if `learning`; returns the gradient by the inputs, valid until the next call. */
  backward(d: Gaussian, weights: UncertainWeights, rows: number, learning: boolean): Gaussian;
}

/** Keeps square roots away from 0; a standard deviation of 1e-4. */
const LEAST_VARIANCE = 1e-8;

/**
 * Layers with buffers for this many rows. The outputs of a layer are the inputs of the next; the first inputs have no
 * variance.
 */
export function uncertainLayers(
  layers: readonly PlacedLayer[],
  rows: number,
): readonly UncertainLayer[] {
  let input = gaussian(rows * (layers[0]?.inputs ?? 0));
  return layers.map((layer, i) => {
    const end = i === layers.length - 1 ? logistic : rectified;
    const made = uncertainLayer(layer, input, end, { rows, certain: i === 0 });
    input = made.output;
    return made;
  });
}

function uncertainLayer(
  layer: PlacedLayer,
  input: Gaussian,
  end: typeof rectified,
  { rows: room, certain }: { readonly rows: number; readonly certain: boolean },
): UncertainLayer {
  const [inner, outer] = [room * layer.inputs, room * layer.outputs];
  const [output, dAffine, dInput] = [gaussian(outer), gaussian(outer), gaussian(inner)];
  const [squares, dSquares] = [new Float64Array(inner), new Float64Array(inner)];
  const [fromVariance, slopes] = [new Float64Array(outer), new Float64Array(4 * outer)];

  function forward(weights: UncertainWeights, rows: number): void {
    const lanes = wholeLanes(rows);
    for (let k = 0; k < rows * layer.inputs; k++) squares[k] = (input.mean[k] as number) ** 2;
    affine(layer, weights.means, input.mean, output.mean, lanes);
    affine(layer, weights.variances, squares, output.variance, lanes);
    if (!certain) {
      affine(layer, weights.spreads, input.variance, fromVariance, lanes);
      for (let k = 0; k < rows * layer.outputs; k++) {
        output.variance[k] = (output.variance[k] as number) + (fromVariance[k] as number);
      }
    }
    activate(output, slopes, end, rows * layer.outputs);
  }

  function learn(weights: UncertainWeights, lanes: number): void {
    affineToWeights(layer, weights.dMeans, input.mean, dAffine.mean, lanes);
    affineToWeights(layer, weights.dVariances, squares, dAffine.variance, lanes);
    if (!certain) {
      affineToWeights(layer, weights.dSpreads, input.variance, dAffine.variance, lanes);
    }
  }

  function backward(d: Gaussian, weights: UncertainWeights, rows: number, learning: boolean) {
    const lanes = wholeLanes(rows);
    deactivate(d, slopes, dAffine, rows * layer.outputs, lanes * layer.outputs);
    if (learning) learn(weights, lanes);
    if (certain && learning) return dInput;
    affineToInputs(layer, weights.means, dInput.mean, dAffine.mean, lanes);
    affineToInputs(layer, weights.variances, dSquares, dAffine.variance, lanes);
    for (let k = 0; k < rows * layer.inputs; k++) {
      dInput.mean[k] =
        (dInput.mean[k] as number) + 2 * (input.mean[k] as number) * (dSquares[k] as number);
    }
    if (!certain) {
      affineToInputs(layer, weights.spreads, dInput.variance, dAffine.variance, lanes);
    }
    return dInput;
  }

  return { input, output, forward, backward };
}

function gaussian(length: number): Gaussian {
  return { mean: new Float64Array(length), variance: new Float64Array(length) };
}

/** Applies the activation in place, and stores the four derivatives of each value. */
function activate(
  { mean, variance }: Gaussian,
  slopes: Float64Array,
  end: typeof rectified,
  length: number,
): void {
  const moments = createMoments();
  for (let k = 0; k < length; k++) {
    end(mean[k] as number, (variance[k] as number) + LEAST_VARIANCE, moments);
    mean[k] = moments.mean;
    variance[k] = moments.variance;
    slopes[4 * k] = moments.meanByMean;
    slopes[4 * k + 1] = moments.meanByVariance;
    slopes[4 * k + 2] = moments.varianceByMean;
    slopes[4 * k + 3] = moments.varianceByVariance;
  }
}

/** Gradients before the activation; 0 for the rows that fill the lanes. */
function deactivate(
  d: Gaussian,
  slopes: Float64Array,
  into: Gaussian,
  length: number,
  end: number,
): void {
  for (let k = 0; k < length; k++) {
    const [dMean, dVariance] = [d.mean[k] as number, d.variance[k] as number];
    const at = 4 * k;
    into.mean[k] = dMean * (slopes[at] as number) + dVariance * (slopes[at + 2] as number);
    into.variance[k] = dMean * (slopes[at + 1] as number) + dVariance * (slopes[at + 3] as number);
  }
  into.mean.fill(0, length, end);
  into.variance.fill(0, length, end);
}

// Mean and variance of a normal variable after ReLU and after the logistic function, with their derivatives.
//
// Notation   m, s mean and variance before; a, v after; z = m / sqrt(s), Phi and phi the standard normal

/** Borrowed until the next call. */
interface Moments {
  mean: number;
  variance: number;
  meanByMean: number;
  meanByVariance: number;
  varianceByMean: number;
  varianceByVariance: number;
}

export function createMoments(): Moments {
  return {
    mean: 0,
    variance: 0,
    meanByMean: 0,
    meanByVariance: 0,
    varianceByMean: 0,
    varianceByVariance: 0,
  };
}

/**
 * a = m Phi + sqrt(s) phi, v = (m^2 + s) Phi + m sqrt(s) phi - a^2; exact. s must be above 0.
 * Departs from Wang et al. 2016, "Natural-parameter networks", whose code uses a logistic function instead of Phi, with
 * errors above a tenth if most of the mass is cut off.
 */
export function rectified(m: number, s: number, into: Moments): void {
  const deviation = Math.sqrt(s);
  const z = m / deviation;
  const density = Math.exp((-z * z) / 2) / ROOT_OF_TURN;
  const below = normalShare(z, density);
  const a = m * below + deviation * density;
  into.mean = a;
  into.variance = Math.max((m * m + s) * below + m * deviation * density - a * a, 0);
  into.meanByMean = below;
  into.meanByVariance = density / (2 * deviation);
  into.varianceByMean = 2 * a * (1 - below);
  into.varianceByVariance = below - (a * density) / deviation;
}

/**
 * By Gauss-Hermite quadrature. s must be above 0.
 * Departs from Wang et al. 2016, whose closed form gives a variance of 0.0126 for an input of variance 0: a
 * standard deviation of 0.11, where the learned values span 0.8.
 */
export function logistic(m: number, s: number, into: Moments): void {
  const deviation = Math.sqrt(s);
  let [a, square, slope, squareSlope, curve, squareCurve] = [0, 0, 0, 0, 0, 0];
  for (const [x, share] of NODES) {
    const y = sigmoid(m + deviation * x);
    const d = share * y * (1 - y);
    a += share * y;
    square += share * y * y;
    slope += d;
    squareSlope += 2 * y * d;
    curve += x * d;
    squareCurve += 2 * y * x * d;
  }
  into.mean = a;
  into.variance = Math.max(square - a * a, 0);
  into.meanByMean = slope;
  into.meanByVariance = curve / (2 * deviation);
  into.varianceByMean = squareSlope - 2 * a * slope;
  into.varianceByVariance = squareCurve / (2 * deviation) - 2 * a * into.meanByVariance;
}

/** Nodes and weights of the nine-point rule for a standard normal variable (NumPy's hermegauss). */
const NODES: readonly (readonly [x: number, share: number])[] = [
  [-4.512745863399783, 2.2345844007746607e-5],
  [-3.20542900285647, 0.0027891413212317692],
  [-2.07684797867783, 0.04991640676521782],
  [-1.0232556637891326, 0.24409750289493953],
  [0, 0.40634920634920635],
  [1.0232556637891326, 0.24409750289493953],
  [2.07684797867783, 0.04991640676521782],
  [3.20542900285647, 0.0027891413212317692],
  [4.512745863399783, 2.2345844007746607e-5],
];

const ROOT_OF_TURN = Math.sqrt(2 * Math.PI);

/**
 * Phi(z) from z and phi(z), to 1e-14, and in the tail to a relative 1e-8. Hart et al. 1968 as printed in West 2005, "Better
 * approximations to cumulative normal functions"; some twenty times as fast as kernels/plain/normal-distribution.ts.
 */
export function normalShare(z: number, density: number): number {
  const tail = density * (Math.abs(z) < SWITCH ? near(Math.abs(z)) : far(Math.abs(z)));
  return z > 0 ? 1 - tail : tail;
}

const SWITCH = 7.07106781186547;

function near(x: number): number {
  let above = 0.0352624965998911 * x + 0.700383064443688;
  above = above * x + 6.37396220353165;
  above = above * x + 33.912866078383;
  above = above * x + 112.079291497871;
  above = above * x + 221.213596169931;
  above = above * x + 220.206867912376;
  let below = 0.0883883476483184 * x + 1.75566716318264;
  below = below * x + 16.064177579207;
  below = below * x + 86.7807322029461;
  below = below * x + 296.564248779674;
  below = below * x + 637.333633378831;
  below = below * x + 793.826512519948;
  below = below * x + 440.413735824752;
  return (ROOT_OF_TURN * above) / below;
}

function far(x: number): number {
  return 1 / (x + 1 / (x + 2 / (x + 3 / (x + 4 / (x + 0.65)))));
}
