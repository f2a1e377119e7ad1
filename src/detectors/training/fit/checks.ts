// Validation: the loss on examples that are not learnt, the best weights by it, and when it is no use to go on.
import type { Floats } from '../../../engine/floats.ts';
import { createRandom } from '../../../engine/random.ts';
import type { Program } from '../../../engine/tape/program.ts';
import type { ChecksState } from './checkpoint.ts';
import { type ExampleSet, type FitOptions, VALIDATING } from './contract.ts';

/**
 * Mean loss over all batches of the set; the last batch is filled up with the set's first examples. Nothing is dropped
 * out, and what is drawn is the same each time. Breathes between batches; the inputs are not what they were.
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

/** Takes the outcome of a check, copying the weights if it is the best so far. */
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
