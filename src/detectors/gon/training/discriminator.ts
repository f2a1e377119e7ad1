// Trains one discriminator of the GON: real windows against corrupted and optimised ones.
import type { DiscriminatorKernels, TrainStep } from '../../../engine/discriminator-kernels.ts';
import type { Random } from '../../../engine/random.ts';
import type { CopyWindow } from '../../scoring/training/window-table.ts';
import { eventLoopPause } from '../../training/trainer.ts';

interface DiscriminatorTraining {
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

// Fakes for the discriminator: real windows with some corrupted channels.
// Departs from Tuli et al. 2021, where every fake is an optimised copy of a real window: such fakes lie beside the
// data only, D learns nothing about more distant windows, and the published code's loss ends at ln 2.

/** Range of the size of a corruption, in units of the scaler. */
const SIZE = { least: 0.1, most: 3 };

/** The windows fakes are made of. */
interface RealWindows {
  readonly count: number;
  /** C, channels. */
  readonly width: number;
  /** T*C, cells of a window. */
  readonly inputs: number;
  readonly copy: CopyWindow;
}

/**
 * Returns a function that writes one fake, (T*C): a random share of channels gets noise, a shift, or another window's
 * values.
 */
function fakeMaker(real: RealWindows, random: Random): (into: Float32Array) => void {
  const other = new Float32Array(real.inputs);
  const { count, width } = real;
  return (into) => {
    real.copy(random.integer(count), into);
    real.copy(random.integer(count), other);
    const corrupt = CORRUPTIONS[random.integer(CORRUPTIONS.length)] as Corruption;
    const share = random.uniform();
    // Cubed: small sizes are about as frequent as in a log-uniform draw; without a logarithm, all platforms give equal bits.
    const size = SIZE.least + (SIZE.most - SIZE.least) * random.uniform() ** 3;
    const sure = random.integer(width);
    for (let c = 0; c < width; c += 1) {
      if (c === sure || random.uniform() < share) corrupt(into, { c, width, size, other, random });
    }
  };
}

interface Place {
  /** The channel to corrupt, and the number of channels. */
  readonly c: number;
  readonly width: number;
  readonly size: number;
  /** (T, C) another real window. */
  readonly other: Float32Array;
  readonly random: Random;
}
type Corruption = (into: Float32Array, place: Place) => void;

const CORRUPTIONS: readonly Corruption[] = [
  function addNoise(into, { c, width, size, random }) {
    for (let i = c; i < into.length; i += width) {
      into[i] = (into[i] as number) + random.normal() * size;
    }
  },
  function shift(into, { c, width, size, random }) {
    const by = random.normal() * size;
    for (let i = c; i < into.length; i += width) into[i] = (into[i] as number) + by;
  },
  function swap(into, { c, width, other }) {
    for (let i = c; i < into.length; i += width) into[i] = other[i] as number;
  },
];
