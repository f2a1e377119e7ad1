// One layer of uncertain weights with its activation, forward and backward: three ordinary layers and the moments of a
// normal variable. Notation: natural-parameter-network.ts; besides, dm = dO W + 2 m (dT V), ds = dT U.
import { affine, affineToInputs, affineToWeights, wholeLanes } from './dense-blocks.ts';
import { createMoments, logistic, rectified } from './gaussian-moments.ts';
import type { PlacedLayer } from './layer-shape.ts';

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
  /** U; 0 where biases are. */
  readonly spreads: Float64Array;
  /** Derivative of V and c by what is learned. */
  readonly rises: Float64Array;
  readonly dMeans: Float64Array;
  readonly dVariances: Float64Array;
  /** What is where biases are means nothing. */
  readonly dSpreads: Float64Array;
}

export interface UncertainLayer {
  readonly input: Gaussian;
  readonly output: Gaussian;
  forward(weights: UncertainWeights, rows: number): void;
  /** Adds to the gradients of weights where `learning`; gives that by the inputs, borrowed. */
  backward(d: Gaussian, weights: UncertainWeights, rows: number, learning: boolean): Gaussian;
}

/** Keeps square roots away from 0; a standard deviation of 1e-4. */
const LEAST_VARIANCE = 1e-8;

/** With room for so many rows. The outputs of a layer are the inputs of the next; those of the first are certain. */
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

/** In place, keeping the four derivatives of each. */
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

/** 0 for the rows that fill the lanes. */
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
