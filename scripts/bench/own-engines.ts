// The kernels and their plain rival as contenders.
import type { DiscriminatorKernels } from '../../src/engine/discriminator-kernels.ts';
import type { Floats } from '../../src/engine/floats.ts';
import type { Contender } from './timing.ts';
import { ascent, BATCH, fill, type Start, shape, trainStep } from './workload.ts';

/** `calls` a sample for scoring; a training step takes twice as long. */
export function ownContenders(
  name: string,
  make: (maxBatch: number) => DiscriminatorKernels<Floats>,
  start: Start,
  calls: number,
): { score: Contender; train: Contender } {
  const scoring = make(1);
  const window = start.z.subarray(0, shape.inputs);
  const training = make(BATCH);
  fillOne(scoring, start);
  fill(training, start);
  return {
    score: {
      name,
      calls,
      run() {
        scoring.z.set(window);
        scoring.ascend(1, ascent);
      },
    },
    train: { name, calls: Math.ceil(calls / 2), run: () => training.trainStep(BATCH, trainStep) },
  };
}

/** The window an engine arrives at, and its loss in the first training step: what the engines have to agree on. */
export function ownResults(
  make: (maxBatch: number) => DiscriminatorKernels<Floats>,
  start: Start,
): { window: Floats; loss: number } {
  const scoring = make(1);
  fillOne(scoring, start);
  scoring.ascend(1, ascent);
  const training = make(BATCH);
  fill(training, start);
  return { window: scoring.z, loss: training.trainStep(BATCH, trainStep) };
}

function fillOne(kernels: DiscriminatorKernels<Floats>, start: Start): void {
  const { inputs } = shape;
  fill(kernels, { ...start, x: start.x.subarray(0, inputs), z: start.z.subarray(0, inputs) });
}
