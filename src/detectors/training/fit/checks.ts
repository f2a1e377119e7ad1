// Validation: the loss on held-out examples, and the record of the best weights.
import type { Floats } from '../../../engine/floats.ts';
import { createRandom } from '../../../engine/random.ts';
import type { Program } from '../../../engine/tape/program.ts';
import { type ChecksState, type ExampleSet, type FitOptions, VALIDATING } from './contract.ts';

/**
 * Mean loss over all batches of the set; the last batch is filled up with the set's first examples. Dropout is off, and
 * each call draws the same random numbers. Calls `pause` between batches; overwrites the inputs.
 */
export async function lossOn(
  program: Program<Floats>,
  set: ExampleSet,
  { inputs, batch, loss, seed }: FitOptions,
  pause: () => Promise<void>,
): Promise<number> {
  const into = inputs.map((input) => program.valuesOf(input));
  const found = program.valuesOf(loss);
  const rows = new Int32Array(batch);
  const random = createRandom(seed + VALIDATING);
  const batches = Math.ceil(set.count / batch);
  let sum = 0;
  for (let i = 0; i < batches; i++) {
    for (let b = 0; b < batch; b++) rows[b] = (i * batch + b) % set.count;
    set.fill(rows, into, random);
    program.state.training = false;
    program.forward();
    program.state.training = true;
    sum += found[0] as number;
    await pause();
  }
  return sum / batches;
}

/** Records the result of a check; copies the weights if they are the best so far. */
export function noteCheck(
  checks: ChecksState,
  step: number,
  loss: number,
  weights: Floats,
): ChecksState {
  if (checks.best && loss >= checks.best.loss) {
    return { ...checks, step, lastLoss: loss, vain: checks.vain + 1 };
  }
  return { step, lastLoss: loss, vain: 0, best: { step, loss, weights: weights.slice() } };
}
