// The engine of tapes as a contender.
import { Dynaprop, dynapropOptions } from '../../../src/detectors/networks/training/dynaprop.ts';
import type { Kernels } from '../../../src/engine/discriminator-kernels.ts';
import { adam } from '../../../src/engine/optimisers/adam.ts';
import type { MultiplicationCounter } from '../../../src/engine/tape/counting.ts';
import type { Program } from '../../../src/engine/tape/program.ts';
import { COMPARED_STEPS, type EncoderContender } from './contender.ts';
import {
  BATCH,
  CHANNELS,
  type EncoderStart,
  LEARNING_RATE,
  network,
  ROWS,
  trainable,
} from './workload.ts';

export function ownContender(
  name: string,
  kernels: Kernels,
  start: EncoderStart,
): EncoderContender {
  const forward = scorer(kernels, start);
  const train = trainer(kernels, start);
  return {
    name,
    forward: { name, calls: 8, run: forward },
    train: { name, calls: 1, run: train },
    results() {
      const losses = Array.from({ length: COMPARED_STEPS }, trainer(kernels, start));
      return Promise.resolve({ output: scorer(kernels, start)().slice(), losses });
    },
  };
}

/** Returns the forward pass of the first window. */
export function scorer(kernels: Kernels, start: EncoderStart): () => Float32Array {
  const { tape, input, output } = network(1);
  const program = kernels.compile(tape, { outputs: [output] });
  writeWeights(program, start);
  const window = start.input.subarray(0, ROWS * CHANNELS);
  const [into, from] = [program.valuesOf(input), program.valuesOf(output)];
  return () => {
    into.set(window);
    program.forward();
    return from;
  };
}

interface TrainerOptions {
  /** The thresholds that are in force in each step. */
  readonly dynaprop?: Dynaprop;
  /** At 0 the weights stay as they are, and so do the gradients that the thresholds were found on. */
  readonly rate?: number;
  readonly counter?: MultiplicationCounter;
}

/** Returns a training step, which returns its loss. */
export function trainer(
  kernels: Kernels,
  start: EncoderStart,
  { dynaprop, rate = LEARNING_RATE, counter }: TrainerOptions = {},
): () => number {
  const { program, input, target, loss } = trainable(kernels, {
    pruning: dynaprop?.pruning,
    counter,
  });
  writeWeights(program, start);
  const optimiser = adam(program, { rate });
  const [x, t, value] = [input, target, loss].map(program.valuesOf) as [
    Float32Array,
    Float32Array,
    Float32Array,
  ];
  return () => {
    x.set(start.input);
    t.set(start.target);
    program.forward();
    program.backward();
    optimiser.step();
    return value[0] as number;
  };
}

/**
 * A step whose thresholds have settled on the gradients of these weights, which do not learn meanwhile, and the share of its
 * multiplications that is left out.
 */
export function settledStep(kernels: Kernels, start: EncoderStart, dynaprop: Dynaprop) {
  const counter = { issued: 0, skipped: 0 };
  const counted = trainer(kernels, start, { dynaprop, rate: 0, counter });
  for (let i = 0; i < SETTLING_STEPS; i++) {
    counter.issued = 0;
    counter.skipped = 0;
    dynaprop.begin(DYNAPROP_STEPS - 1);
    dynaprop.end(counted());
  }
  const { issued, skipped } = counter;
  const step = trainer(kernels, start, { dynaprop, rate: 0 });
  return { step, skipped: skipped / (issued + skipped) };
}

/** Of a training whose last step measures thresholds: by then the share is what was asked for. */
const DYNAPROP_STEPS = 100;
/** The first measurement keeps .9^40 = 1.5 % of its weight. */
const SETTLING_STEPS = 40;

/** `stochastic` keeps some of the small rows by chance. */
export function dynapropFor(
  gradients: number,
  { activations, stochastic }: { readonly activations: number; readonly stochastic: boolean },
): Dynaprop {
  const own = { gradients, activations, stochastic, form: 'columns' };
  const options = dynapropOptions.parse(own);
  return new Dynaprop(network(BATCH).tape, options, { steps: DYNAPROP_STEPS, seed: 1 });
}

function writeWeights({ parameters }: Program, { weights }: EncoderStart): void {
  for (const [i, { values }] of weights.entries()) parameters[i]?.values.set(values);
}
