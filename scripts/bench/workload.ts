// What is timed: GON's scoring and training on one network, from the same weights and inputs for every engine.
import type {
  AdamAscent,
  DiscriminatorKernels,
  DiscriminatorShape,
  TrainStep,
} from '../../src/engine/discriminator-kernels.ts';
import type { Floats } from '../../src/engine/floats.ts';
import { createRandom } from '../../src/engine/random.ts';

export const shape: DiscriminatorShape = { inputs: 190, hidden1: 64, hidden2: 64, slope: 0.2 };
export const BATCH = 64;

/** All 50 steps are taken: no move is below 0, and a gain has to be below it as well. */
export const ascent: AdamAscent = {
  rule: 'adam',
  maxSteps: 50,
  learningRate: 0.01,
  target: 0.9,
  epsilon: 0,
};

/** The ascent stops after one more than these in a row; `ascent` never does, but every engine has to look. */
export const QUIET_STEPS = 10;

/** Forward and backward of 64 real windows and 64 fakes, then Adam. */
export const trainStep: TrainStep = {
  optimised: 0,
  ascent: { rule: 'normalised', steps: 0, stepLength: 0 },
  realLabel: 0.9,
  fakeLabel: 0.1,
  gradientPenalty: 0,
  learningRate: 1e-3,
  weightDecay: 0,
};

/** Single precision, so that all engines start from the same numbers. */
export interface Start {
  readonly w1: Float32Array;
  readonly b1: Float32Array;
  readonly w2: Float32Array;
  readonly b2: Float32Array;
  readonly w3: Float32Array;
  readonly b3: Float32Array;
  /** (BATCH, n) */
  readonly x: Float32Array;
  readonly z: Float32Array;
}

export function createStart(): Start {
  const { inputs, hidden1, hidden2 } = shape;
  const random = createRandom(1);
  const uniform = (length: number, bound: number) =>
    Float32Array.from({ length }, () => (2 * random.uniform() - 1) * bound);
  const layer = (out: number, fanIn: number) => uniform(out * fanIn, 1 / Math.sqrt(fanIn));
  const windows = () => Float32Array.from({ length: BATCH * inputs }, random.uniform);
  return {
    w1: layer(hidden1, inputs),
    b1: uniform(hidden1, 1 / Math.sqrt(inputs)),
    w2: layer(hidden2, hidden1),
    b2: uniform(hidden2, 1 / Math.sqrt(hidden1)),
    w3: layer(1, hidden2),
    b3: uniform(1, 1 / Math.sqrt(hidden2)),
    x: windows(),
    z: windows(),
  };
}

/** Puts the start into kernels of either precision. */
export function fill(kernels: DiscriminatorKernels<Floats>, start: Start): void {
  for (const name of ['w1', 'b1', 'w2', 'b2', 'w3', 'b3'] as const) {
    kernels.weights[name].set(start[name]);
  }
  kernels.x.set(start.x);
  kernels.z.set(start.z);
}
