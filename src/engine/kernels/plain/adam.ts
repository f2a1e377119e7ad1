// Adam for weights. Kingma and Ba 2015, "Adam: a method for stochastic optimization", Alg. 1; weight decay is
// added to the gradient, as in PyTorch's Adam.
import type { Floats } from '../../floats.ts';

const MEAN_DECAY = 0.9;
const SQUARE_DECAY = 0.999;
const EPSILON = 1e-8;

export interface AdamState {
  readonly mean: Float64Array;
  readonly square: Float64Array;
  /** Products of the decays so far, for the bias corrections. */
  meanDecay: number;
  squareDecay: number;
}

export function createAdam(parameters: number): AdamState {
  return {
    mean: new Float64Array(parameters),
    square: new Float64Array(parameters),
    meanDecay: 1,
    squareDecay: 1,
  };
}

export function adamStep(
  state: AdamState,
  weights: Floats,
  gradient: Floats,
  learningRate: number,
  weightDecay: number,
): void {
  const { mean, square } = state;
  state.meanDecay *= MEAN_DECAY;
  state.squareDecay *= SQUARE_DECAY;
  const rate = learningRate / (1 - state.meanDecay);
  const rootCorrection = 1 / Math.sqrt(1 - state.squareDecay);
  for (let i = 0; i < weights.length; i++) {
    const weight = weights[i] as number;
    const g = (gradient[i] as number) + weightDecay * weight;
    const m = MEAN_DECAY * (mean[i] as number) + (1 - MEAN_DECAY) * g;
    const v = SQUARE_DECAY * (square[i] as number) + (1 - SQUARE_DECAY) * g * g;
    mean[i] = m;
    square[i] = v;
    weights[i] = weight - (rate * m) / (Math.sqrt(v) * rootCorrection + EPSILON);
  }
}
