// Seeded discriminators for the kernel tests.
import type {
  DiscriminatorKernels,
  DiscriminatorShape,
  DiscriminatorWeights,
  TrainStep,
} from '../../../src/engine/discriminator-kernels.ts';
import type { Floats } from '../../../src/engine/floats.ts';
import { createRandom, type Random } from '../../../src/engine/random.ts';

/** Weights of the size torch.nn.Linear starts with, inputs in [0, 1], so that all ascent rules have work to do. */
export function fill<A extends Floats>(
  kernels: DiscriminatorKernels<A>,
  seed: number,
): DiscriminatorKernels<A> {
  const random = createRandom(seed);
  const { weights, shape } = kernels;
  fillUniform(random, weights.w1, shape.inputs);
  fillUniform(random, weights.b1, shape.inputs);
  fillUniform(random, weights.w2, shape.hidden1);
  fillUniform(random, weights.b2, shape.hidden1);
  fillUniform(random, weights.w3, shape.hidden2);
  fillUniform(random, weights.b3, shape.hidden2);
  // Rounded, so that engines of either precision start from the same numbers.
  for (let i = 0; i < kernels.x.length; i++) kernels.x[i] = Math.fround(random.uniform());
  for (let i = 0; i < kernels.z.length; i++) kernels.z[i] = Math.fround(random.uniform());
  return kernels;
}

function fillUniform(random: Random, values: Floats, fanIn: number): void {
  const bound = 1 / Math.sqrt(fanIn);
  for (let i = 0; i < values.length; i++) {
    values[i] = Math.fround((2 * random.uniform() - 1) * bound);
  }
}

export const weightNames = ['w1', 'b1', 'w2', 'b2', 'w3', 'b3'] as const;

export function concatenated(weights: DiscriminatorWeights<Floats>): Float64Array {
  const length = weightNames.reduce((sum, name) => sum + weights[name].length, 0);
  const all = new Float64Array(length);
  let at = 0;
  for (const name of weightNames) {
    all.set(weights[name], at);
    at += weights[name].length;
  }
  return all;
}

/**
 * Largest difference over the largest magnitude, or over `scale` if that is larger: the size of the terms where they
 * may cancel.
 */
export function relativeError(actual: Floats, expected: Floats, scale = 0): number {
  let difference = 0;
  let size = scale;
  for (let i = 0; i < expected.length; i++) {
    difference = Math.max(difference, Math.abs((actual[i] as number) - (expected[i] as number)));
    size = Math.max(size, Math.abs(expected[i] as number));
  }
  return size === 0 ? difference : difference / size;
}

export const smallShape: DiscriminatorShape = { inputs: 11, hidden1: 9, hidden2: 7, slope: 0.2 };

export const trainStep: TrainStep = {
  optimised: 2,
  ascent: { rule: 'normalised', steps: 3, stepLength: 0.1 },
  realLabel: 0.9,
  fakeLabel: 0.1,
  gradientPenalty: 0.5,
  learningRate: 1e-3,
  weightDecay: 1e-5,
};
