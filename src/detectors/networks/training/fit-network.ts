// Fits a network on a tape to the windows of a series: AdamW, a warm-up and half a cosine, the best weights by the
// newest tenth of the fitted part.
import { CalibrationError } from '../../../core/errors.ts';
import { adamw } from '../../../engine/optimisers/adam.ts';
import type { Optimiser } from '../../../engine/optimisers/optimiser.ts';
import { warmUpCosineRate } from '../../../engine/optimisers/rate-schedules.ts';
import { createRandom } from '../../../engine/random.ts';
import type { Program } from '../../../engine/tape/program.ts';
import type { Tape } from '../../../engine/tape/tape.ts';
import type { Tensor } from '../../../engine/tape/tensor.ts';
import { initialiseNetwork } from '../../../models/initialise-network.ts';
import type { TrainingData } from '../../scoring/training/data.ts';
import { thinned, type WindowTable, windowTable } from '../../scoring/training/window-table.ts';
import type { ExampleSet } from '../../training/fit/contract.ts';
import { createFit } from '../../training/fit/fit.ts';
import type { TrainingContext } from '../../training/trainer.ts';
import type { FittingOptions } from './fitting-options.ts';

/** Of the fitted part, what tells when to stop. */
const VALIDATION_SHARE = 0.1;
/** More windows would tell the same and take longer. */
const MOST_VALIDATED = 512;
/** Looks at the validation part in a whole training. */
const LOOKS = 20;
const WARM_UP_SHARE = 0.05;
const CLIP_NORM = 1;

export interface NetworkToFit {
  readonly tape: Tape;
  readonly loss: Tensor;
  /** What `examplesOf` writes. */
  readonly inputs: readonly Tensor[];
  /** T. */
  readonly rows: number;
  examplesOf(table: WindowTable): ExampleSet['fill'];
  /** Sets weights that are known before. */
  readonly begin?: (program: Program) => void;
  /** AdamW on all weights where it is absent. */
  readonly optimiserOf?: (program: Program) => Optimiser;
}

/** Whether there are unbroken windows of so many rows to learn from, to validate with and to set the scale with. */
export function canFit(data: TrainingData, rows: number): boolean {
  const { training, validation } = partsOf(data, rows);
  return data.admits(rows) && training.starts.length > 0 && validation.starts.length > 0;
}

/** Throws `CalibrationError` where there are not. */
export function requireFittable(data: TrainingData, rows: number): void {
  if (canFit(data, rows)) return;
  throw new CalibrationError(
    `'${data.series.id}' has too few unbroken windows of ${rows} rows: record longer or without gaps, or set fewer rows`,
  );
}

/** The trained program, and the validation loss of its weights. Throws `CalibrationError` where it cannot be fitted. */
export async function fitNetwork(
  { tape, loss, inputs, rows, examplesOf, begin, optimiserOf }: NetworkToFit,
  data: TrainingData,
  { steps, batch, learningRate, weightDecay, patience }: FittingOptions,
  { kernels, seed, signal, progress }: TrainingContext,
): Promise<{ readonly program: Program; readonly loss: number }> {
  requireFittable(data, rows);
  const { training, validation } = partsOf(data, rows);
  const program = kernels.compile(tape, { loss });
  initialiseNetwork(program.parameters, createRandom(seed));
  begin?.(program);
  const optimiser = optimiserOf?.(program) ?? adamw(program, { weightDecay });
  const fit = createFit(program, optimiser, {
    loss,
    inputs,
    batch,
    training: { count: training.starts.length, fill: examplesOf(training) },
    duration: { steps },
    seed,
    rate: warmUpCosineRate({
      rate: learningRate,
      steps,
      warmUp: Math.min(steps - 1, Math.floor(WARM_UP_SHARE * steps)),
    }),
    clipNorm: CLIP_NORM,
    validation: {
      count: validation.starts.length,
      fill: examplesOf(validation),
      every: Math.max(1, Math.floor(steps / LOOKS)),
      patience,
    },
    progress,
  });
  const result = await fit.run(signal);
  return { program, loss: result.best?.loss ?? result.loss };
}

function partsOf(data: TrainingData, rows: number): Record<'training' | 'validation', WindowTable> {
  const turn = Math.floor(data.cut * (1 - VALIDATION_SHARE));
  return {
    training: windowTable(data, rows, [0, turn]),
    validation: thinned(windowTable(data, rows, [turn, data.cut]), MOST_VALIDATED),
  };
}
