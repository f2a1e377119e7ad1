// The natural-parameter network that learns the mean of y and its noise, by the likelihood of a normal distribution.

import { softplus } from '../../kernels/plain/logistic.ts';
import type { Trainable } from '../../optimisers/optimiser.ts';
import type { Random } from '../../random.ts';
import { type LayerShape, placeLayers, wholeLanes } from './layers.ts';
import { BATCH, type Course, descend, drawWeights, gather } from './perceptron.ts';
import {
  type Gaussian,
  type UncertainLayer,
  type UncertainWeights,
  uncertainLayers,
} from './uncertain-layer.ts';

/** Least variance of the noise: a standard deviation of 0.01, where y spans 0.8. */
const LEAST_VARIANCE = 1e-4;

interface GaussianCourse extends Course {
  /** Decay of the weights' means, added to the gradient. */
  readonly meanDecay: number;
}

export interface GaussianLearner {
  /** y (rows,) in (0, 1); a row may occur several times. Continues from the current weights. */
  learn(x: Float64Array, y: Float64Array, course: GaussianCourse): void;
  /** (rows,) each; the mean is valid until the next call. */
  forward(x: Float64Array, rows: number): Gaussian;
  /** After `forward`: (rows, inputs) gradient by x; valid until the next call, and may be longer. */
  backwardToInput(dOut: Gaussian): Float64Array;
}

export function createGaussianLearner(
  shapes: readonly LayerShape[],
  random: Random,
): GaussianLearner {
  const network = createNaturalParameterNetwork(shapes, random);
  return {
    learn: (x, y, course) => learnLikelihood(network, x, y, course, random),
    forward(x, rows) {
      const { mean, variance } = network.forward(x, rows);
      return { mean, variance: variance.map((v) => v + LEAST_VARIANCE) };
    },
    backwardToInput: (dOut) => network.backwardToInput(dOut),
  };
}

/**
 * Loss (m - y)^2 / 2s + ln(s) / 2, times sqrt(s) taken as a constant: Seitzer et al. 2022, "On the pitfalls of
 * heteroscedastic uncertainty estimation with probabilistic neural networks", beta 1/2. Departs from Tuli et al. 2023,
 * whose code multiplies the first term by 10, and so learns a tenth of the noise. Without the root, rows with bad first
 * predictions would count as noise and would not be learned.
 */
function learnLikelihood(
  network: NaturalParameterNetwork,
  x: Float64Array,
  y: Float64Array,
  course: GaussianCourse,
  random: Random,
): void {
  const { inputs } = network;
  const room = new Float64Array(BATCH * inputs);
  const d = { mean: new Float64Array(BATCH), variance: new Float64Array(BATCH) };
  descend(network, y.length, course, random, (rows) => {
    network.refresh();
    gather(x, inputs, rows, room);
    const { mean, variance } = network.forward(room, rows.length);
    for (let k = 0; k < rows.length; k++) {
      const s = (variance[k] as number) + LEAST_VARIANCE;
      const error = (mean[k] as number) - (y[rows[k] as number] as number);
      const weight = Math.sqrt(s) / rows.length;
      d.mean[k] = (weight * error) / s;
      d.variance[k] = (weight * (1 - error ** 2 / s)) / (2 * s);
    }
    network.backward(d);
    decayMeans(network, course.meanDecay);
  });
  network.refresh();
}

/** Only of means: variances would grow by it. */
function decayMeans({ weights, gradients }: NaturalParameterNetwork, decay: number): void {
  for (let i = 0; i < weights.length / 2; i++) {
    gradients[i] = (gradients[i] as number) + decay * (weights[i] as number);
  }
}

// A network whose weights and values have a mean and a variance each. Wang et al. 2016, "Natural-parameter networks: a
// class of probabilistic neural networks", Gaussian case; layers as in Tuli et al. 2023, "FlexiBERT" (BOSHNAS): ReLU,
// ReLU, logistic. Departs from both in the moments: uncertain-layer.ts.
//
// Notation   m, s mean and variance of a layer's inputs (rows, inputs); W, V mean and variance of its weights, b and c of
//            its biases; V and c are the softplus of the learned parameters; q = m^2, U = V + W^2
//            o = m W + b, t = q V + c + s U

interface NaturalParameterNetwork extends Trainable {
  readonly inputs: number;
  /** (rows,) each, for x (rows, inputs) without uncertainty; valid until the next call. */
  forward(x: Float64Array, rows: number): Gaussian;
  /** After `forward`: adds the gradients of the weights for these gradients of mean and variance. */
  backward(dOut: Gaussian): void;
  /** After `forward`: (rows, inputs) gradient by x; valid until the next call, and may be longer. */
  backwardToInput(dOut: Gaussian): Float64Array;
  /** Call it after every change of the weights. */
  refresh(): void;
}

/** Initial raw variance: softplus gives 0.0003. With 0.007 the noise of the weights would dominate at first. */
const FIRST_RAW = -8;

export function createNaturalParameterNetwork(
  shapes: readonly LayerShape[],
  random: Random,
): NaturalParameterNetwork {
  const { layers, weightCount, size } = placeLayers(shapes);
  const weights = new Float64Array(2 * size).fill(FIRST_RAW, size);
  const gradients = new Float64Array(2 * size);
  for (const layer of layers) drawWeights(layer, weights, random, 1);
  const uncertain = uncertainWeights(weights.subarray(0, size));
  const inputs = layers[0]?.inputs ?? 0;
  let passes: readonly UncertainLayer[] = [];
  let [rows, room] = [0, 0];

  function forward(x: Float64Array, count: number): Gaussian {
    rows = count;
    if (room < rows) {
      room = wholeLanes(rows);
      passes = uncertainLayers(layers, room);
    }
    passes[0]?.input.mean.set(x.subarray(0, count * inputs));
    for (const pass of passes) pass.forward(uncertain, rows);
    const { mean, variance } = (passes.at(-1) as UncertainLayer).output;
    return { mean: mean.subarray(0, rows), variance: variance.subarray(0, rows) };
  }

  function back(dOut: Gaussian, learning: boolean): Float64Array {
    let d = dOut;
    for (const pass of passes.toReversed()) d = pass.backward(d, uncertain, rows, learning);
    return d.mean;
  }

  function refresh(): void {
    const { variances, rises, spreads } = uncertain;
    for (let i = 0; i < size; i++) {
      const variance = softplus(weights[size + i] as number);
      variances[i] = variance;
      rises[i] = 1 - Math.exp(-variance);
      if (i < weightCount) spreads[i] = variance + (weights[i] as number) ** 2;
    }
  }

  /** Gradients of the learned parameters from those of V, c and U. */
  function collect(): void {
    const { rises, dVariances, dSpreads } = uncertain;
    for (let i = 0; i < size; i++) {
      const d = (dVariances[i] as number) + (dSpreads[i] as number);
      gradients[size + i] = (gradients[size + i] as number) + d * (rises[i] as number);
      gradients[i] =
        (gradients[i] as number) +
        (uncertain.dMeans[i] as number) +
        2 * (weights[i] as number) * (dSpreads[i] as number);
    }
  }

  refresh();
  return {
    inputs,
    weights,
    gradients,
    forward,
    backward(dOut) {
      for (const d of [uncertain.dMeans, uncertain.dVariances, uncertain.dSpreads]) d.fill(0);
      back(dOut, true);
      uncertain.dSpreads.fill(0, weightCount);
      collect();
    },
    backwardToInput: (dOut) => back(dOut, false),
    refresh,
  };
}

function uncertainWeights(means: Float64Array): UncertainWeights {
  const fresh = () => new Float64Array(means.length);
  return {
    means,
    variances: fresh(),
    spreads: fresh(),
    rises: fresh(),
    dMeans: fresh(),
    dVariances: fresh(),
    dSpreads: fresh(),
  };
}
