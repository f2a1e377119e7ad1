// The natural-parameter network that learns the mean of y and its noise, by the likelihood of a normal distribution.
import type { Random } from '../../random.ts';
import { BATCH, type Course, descend, gather } from './descend.ts';
import type { LayerShape } from './layer-shape.ts';
import {
  createNaturalParameterNetwork,
  type NaturalParameterNetwork,
} from './natural-parameter-network.ts';
import type { Gaussian } from './uncertain-layer.ts';

/** A standard deviation of 0.01 where y spans 0.8: less noise is not believed. */
const LEAST_VARIANCE = 1e-4;

export interface GaussianCourse extends Course {
  /** As a share of the weights' means, in the gradient. */
  readonly meanDecay: number;
}

export interface GaussianLearner {
  /** y (rows,) in (0, 1); a row may be there several times. Goes on from what it knows. */
  learn(x: Float64Array, y: Float64Array, course: GaussianCourse): void;
  /** (rows,) each; the mean is borrowed until the next. */
  forward(x: Float64Array, rows: number): Gaussian;
  /** After `forward`: (rows, inputs) gradient by x; borrowed, and maybe longer. */
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
 * whose code multiplies the first term by 10, and so learns a tenth of the noise; without the root, rows that are badly
 * predicted at first are put down to noise and never learned.
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

/** Not those of variances: these would grow by it. */
function decayMeans({ weights, gradients }: NaturalParameterNetwork, decay: number): void {
  for (let i = 0; i < weights.length / 2; i++) {
    gradients[i] = (gradients[i] as number) + decay * (weights[i] as number);
  }
}
