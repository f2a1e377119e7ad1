// Trains one discriminator of the default GON: real windows against corrupted and self-optimised ones.
import type { DiscriminatorKernels, TrainStep } from '../../../engine/discriminator-kernels.ts';
import type { Random } from '../../../engine/random.ts';
import { eventLoopPause } from '../../training/event-loop-pause.ts';
import { fakeMaker, type RealWindows } from './fakes.ts';

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
  real: RealWindows,
  training: DiscriminatorTraining,
): Promise<number> {
  const { steps, batch, random, signal } = training;
  const inputs = kernels.shape.inputs;
  const finalSteps = Math.max(1, Math.round(steps * FINAL_SHARE));
  const pause = eventLoopPause(signal);
  const writeFake = fakeMaker(real, random);
  let finalLoss = 0;
  for (let step = 0; step < steps; step += 1) {
    for (let b = 0; b < batch; b += 1) {
      const [from, to] = [b * inputs, (b + 1) * inputs];
      real.copy(random.integer(real.count), kernels.x.subarray(from, to));
      writeFake(kernels.z.subarray(from, to));
    }
    const loss = kernels.trainStep(batch, training.step);
    if (step >= steps - finalSteps) finalLoss += loss / finalSteps;
    training.report(step, loss);
    await pause();
  }
  return finalLoss;
}
