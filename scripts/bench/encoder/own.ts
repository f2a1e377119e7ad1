// The engine of tapes as a contender.
import { Dynaprop, dynapropOptions } from '../../../src/detectors/networks/training/dynaprop.ts';
import type { Kernels } from '../../../src/engine/discriminator-kernels.ts';
import { adam } from '../../../src/engine/optimisers/adam.ts';
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

/** Returns a training step, which returns its loss; `dynaprop` has the thresholds that its first steps find. */
export function trainer(kernels: Kernels, start: EncoderStart, dynaprop?: Dynaprop): () => number {
  const { program, input, target, loss } = trainable(kernels, dynaprop?.pruning);
  writeWeights(program, start);
  const optimiser = adam(program, { rate: LEARNING_RATE });
  const [x, t, value] = [input, target, loss].map(program.valuesOf) as [
    Float32Array,
    Float32Array,
    Float32Array,
  ];
  const step = (): number => {
    x.set(start.input);
    t.set(start.target);
    program.forward();
    program.backward();
    optimiser.step();
    return value[0] as number;
  };
  if (dynaprop) {
    dynaprop.begin(DYNAPROP_STEPS - 1);
    dynaprop.end(step());
  }
  return step;
}

/** Of a training whose last step measures the thresholds that are timed. */
const DYNAPROP_STEPS = 100;

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
