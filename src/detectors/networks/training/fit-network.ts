// Trains a network on the windows of a series: AdamW with warm-up and cosine decay. The newest tenth of the training part
// is the validation set, which selects the best weights.
import { CalibrationError } from '../../../core/errors.ts';
import { adamw } from '../../../engine/optimisers/adam.ts';
import type { Optimiser } from '../../../engine/optimisers/optimiser.ts';
import { warmUpCosineRate } from '../../../engine/optimisers/rate-schedules.ts';
import { createRandom } from '../../../engine/random.ts';
import type { Program } from '../../../engine/tape/program.ts';
import type { Tape } from '../../../engine/tape/tape.ts';
import type { Tensor } from '../../../engine/tape/tensor.ts';
import { initialiseNetwork } from '../../../models/layers.ts';
import type { TrainingData } from '../../scoring/training/data.ts';
import { thinned, type WindowTable, windowTable } from '../../scoring/training/window-table.ts';
import type { ExampleSet, StepHooks } from '../../training/fit/contract.ts';
import { createFit } from '../../training/fit/fit.ts';
import type { TrainingContext } from '../../training/trainer.ts';
import type { FittingOptions } from './options.ts';

/** Share of the training part that is used for validation. */
const VALIDATION_SHARE = 0.1;
/** Validation windows at most; more take longer and give the same result. */
const MOST_VALIDATED = 512;
/** Validation checks in a full training. */
const LOOKS = 20;
const WARM_UP_SHARE = 0.05;
const CLIP_NORM = 1;

export interface NetworkToFit {
  readonly tape: Tape;
  readonly loss: Tensor;
  /** The tensors that `examplesOf` fills. */
  readonly inputs: readonly Tensor[];
  /** T. */
  readonly rows: number;
  examplesOf(table: WindowTable): ExampleSet['fill'];
  /** Sets weights that are known before training. */
  readonly begin?: (program: Program) => void;
  /** Called before and after each step. */
  readonly around?: StepHooks | undefined;
  /** Default: AdamW on all weights. */
  readonly optimiserOf?: (program: Program) => Optimiser;
}

/** Whether there are enough unbroken windows of this many rows for training, validation and scaling. */
export function canFit(data: TrainingData, rows: number): boolean {
  const { training, validation } = partsOf(data, rows);
  return data.admits(rows) && training.starts.length > 0 && validation.starts.length > 0;
}

/** Throws `CalibrationError` unless `canFit`. */
export function requireFittable(data: TrainingData, rows: number): void {
  if (canFit(data, rows)) return;
  throw new CalibrationError(
    `'${data.series.id}' has too few unbroken windows of ${rows} rows: record longer or without gaps, or set fewer rows`,
    { code: 'SEN_CAL_TOO_SHORT' },
  );
}

/** Returns the trained program, the steps that its weights have taken, and their validation loss. Throws `CalibrationError` unless `canFit`. */
export async function fitNetwork(
  { tape, loss, inputs, rows, examplesOf, begin, around, optimiserOf }: NetworkToFit,
  data: TrainingData,
  { steps, batch, learningRate, weightDecay, patience }: FittingOptions,
  { kernels, seed, signal, progress }: TrainingContext,
): Promise<{ readonly program: Program; readonly loss: number; readonly steps: number }> {
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
    ...(around && { around }),
    validation: {
      count: validation.starts.length,
      fill: examplesOf(validation),
      every: Math.max(1, Math.floor(steps / LOOKS)),
      patience,
    },
    progress,
  });
  const result = await fit.run(signal);
  const { step, loss: least } = result.best ?? { step: result.steps, loss: result.loss };
  return { program, loss: least, steps: step };
}

function partsOf(data: TrainingData, rows: number): Record<'training' | 'validation', WindowTable> {
  const turn = Math.floor(data.cut * (1 - VALIDATION_SHARE));
  return {
    training: windowTable(data, rows, [0, turn]),
    validation: thinned(windowTable(data, rows, [turn, data.cut]), MOST_VALIDATED),
  };
}
