// Trains one discriminator of the default GON: real windows against corrupted and self-optimised ones.
import type { DiscriminatorKernels, TrainStep } from '../../engine/discriminator-kernels.ts';
import type { Random } from '../../engine/random.ts';
import { breather } from './breath.ts';
import { writeFake } from './gon-fakes.ts';
import { type WindowTable, windowAt } from './window-table.ts';

export interface DiscriminatorTraining {
  readonly steps: number;
  readonly batch: number;
  readonly step: TrainStep;
  readonly random: Random;
  readonly signal: AbortSignal;
  /** Called after each step with its loss: BCE of real plus BCE of fake, 2 ln 2 = collapsed. */
  readonly report: (step: number, loss: number) => void;
}

/** Share of the training over whose losses the final loss is averaged. */
const FINAL_SHARE = 0.1;

/** Trains the kernels' weights in place and resolves to the mean loss of the last tenth of the steps. */
export async function trainDiscriminator(
  kernels: DiscriminatorKernels,
  table: WindowTable,
  training: DiscriminatorTraining,
): Promise<number> {
  const { steps, batch, random, signal } = training;
  const inputs = kernels.shape.inputs;
  const finalSteps = Math.max(1, Math.round(steps * FINAL_SHARE));
  const breathe = breather(signal);
  let finalLoss = 0;
  for (let step = 0; step < steps; step += 1) {
    for (let b = 0; b < batch; b += 1) {
      kernels.x.set(windowAt(table, random.integer(table.starts.length)), b * inputs);
      writeFake(table, random, kernels.z.subarray(b * inputs, (b + 1) * inputs));
    }
    const loss = kernels.trainStep(batch, training.step);
    if (step >= steps - finalSteps) finalLoss += loss / finalSteps;
    training.report(step, loss);
    await breathe();
  }
  return finalLoss;
}
