// Options, progress, checkpoint and result of a training.

import { WeightsError } from '../../../core/errors.ts';
import type { Floats } from '../../../engine/floats.ts';
import type { RateSchedule } from '../../../engine/optimisers/rate-schedules.ts';
import type { Random, RandomState } from '../../../engine/random.ts';
import type { Tensor } from '../../../engine/tape/tensor.ts';
import type { TrainingProgress } from '../trainer.ts';

/** Numbered examples, of which a batch is written into a program's inputs. */
export interface ExampleSet {
  readonly count: number;
  /**
   * Writes the examples `rows`, (batch,), into the views of `FitOptions.inputs`, one after the other. All random numbers,
   * e.g. of a mask, must come from `random`, so that a resumed training draws the same ones.
   */
  fill(rows: Int32Array, into: readonly Floats[], random: Random): void;
}

export interface FitOptions {
  /** The value to minimise: one number of the program. */
  readonly loss: Tensor;
  /** The tensors that `fill` writes. */
  readonly inputs: readonly Tensor[];
  /** Examples per step. */
  readonly batch: number;
  readonly training: ExampleSet;
  /** Passes over the training set, or steps. */
  readonly duration: { readonly epochs: number } | { readonly steps: number };
  readonly seed: number;
  /** Default: the optimiser's own rate. */
  readonly rate?: RateSchedule;
  /** Gradients with a greater norm are scaled down to it. */
  readonly clipNorm?: number;
  readonly validation?: ValidationOptions;
  /** Called before each step, counted from 0, and after it; a resumed training does not restore what they keep. */
  readonly around?: StepHooks;
  /** Called after each step and after each validation check. */
  readonly progress?: (progress: FitProgress) => void;
  /** Checkpoint to resume from; all other options must be unchanged. */
  readonly from?: FitCheckpoint;
}

export interface StepHooks {
  begin(step: number): void;
  end(loss: number): void;
}

interface ValidationOptions extends ExampleSet {
  /** Steps between checks; there is also a check after the last step. */
  readonly every: number;
  /** Training stops after this many consecutive checks without a lower loss; absent = never. */
  readonly patience?: number;
}

export interface FitProgress extends TrainingProgress {
  /** Learning rate of the step; absent = the optimiser's own. */
  readonly rate?: number;
  /** Norm of the gradients before they were clipped. */
  readonly gradientNorm: number;
}

export interface FitResult {
  /** Steps taken. */
  readonly steps: number;
  /** Training loss of the last one. */
  readonly loss: number;
  /** The best check, whose weights the program has now. Absent without validation: the program then has the last weights. */
  readonly best?: Pick<BestWeights, 'step' | 'loss'>;
}

/** A training that can be run, stopped and resumed. */
export interface Fit {
  /**
   * Trains the program's weights in place until the duration or the patience is used up. Yields to the event loop.
   *
   * Throws the signal's reason on abort; call `run` again, or resume from the `checkpoint`, to continue.
   * Throws `CalibrationError` if loss or gradients are not finite. The program then has the last weights for which they
   * were finite, and the `checkpoint` still has the best weights. Do not resume from this checkpoint: the optimiser's
   * state is that of the diverged step.
   */
  run(signal: AbortSignal): Promise<FitResult>;
  /** Returns a copy; may be called in `progress` and after `run`. */
  checkpoint(): FitCheckpoint;
}

// Seed offsets of independent random streams, beside that of the order.
export const FILLING = 2 ** 32;
export const VALIDATING = 2 * 2 ** 32;

/** Number of steps for the duration. */
export function stepsOf({
  duration,
  training,
  batch,
}: Pick<FitOptions, 'duration' | 'training' | 'batch'>): number {
  if ('steps' in duration) return duration.steps;
  return Math.ceil((duration.epochs * training.count) / batch);
}

/**
 * Throws `RangeError` for counts that are not positive integers: a bug of the caller, since users' data are checked
 * earlier.
 */
export function requireSensible(options: FitOptions): void {
  const { training, validation, batch } = options;
  const counts: Record<string, number | undefined> = {
    batch,
    'training.count': training.count,
    steps: stepsOf(options),
    'validation.count': validation?.count,
    'validation.every': validation?.every,
    'validation.patience': validation?.patience,
  };
  for (const [name, value] of Object.entries(counts)) {
    if (value === undefined || (Number.isInteger(value) && value > 0)) continue;
    throw new RangeError(`${name} is ${value}, must be a whole number above 0`);
  }
}

export interface FitCheckpoint {
  /** Steps taken. */
  readonly step: number;
  /** Of the last step; NaN before the first. */
  readonly last: { readonly loss: number; readonly gradientNorm: number };
  readonly weights: Floats;
  /** State of the optimiser. */
  readonly optimiser: Readonly<Record<string, Float64Array>>;
  /** Random states of the order of the examples and of the draws that fill them. */
  readonly order: RandomState;
  readonly draws: RandomState;
  readonly checks: ChecksState;
  /** Count of examples; with `batch` it determines the order. */
  readonly examples: number;
  readonly batch: number;
}

/** State of the validation. */
export interface ChecksState {
  /** Step of the last check; 0 = no check yet. */
  readonly step: number;
  readonly lastLoss?: number;
  /** Consecutive checks without a lower loss. */
  readonly vain: number;
  readonly best?: BestWeights;
}

interface BestWeights {
  /** Steps taken by then. */
  readonly step: number;
  /** Validation loss. */
  readonly loss: number;
  readonly weights: Floats;
}

/** Throws `WeightsError` unless the checkpoint belongs to a training of this size. */
export function requireFitting(
  checkpoint: FitCheckpoint,
  own: { readonly weights: number; readonly examples: number; readonly batch: number },
): void {
  const sizeText = ({ weights, examples, batch }: typeof own): string =>
    `${weights} weights and ${examples} examples in batches of ${batch}`;
  const { examples, batch } = checkpoint;
  const found = sizeText({ weights: checkpoint.weights.length, examples, batch });
  if (found === sizeText(own)) return;
  throw new WeightsError(
    `the checkpoint is of a training with ${found}, this one has ${sizeText(own)}: start the training again`,
    { code: 'SEN_WGT_CHECKPOINT' },
  );
}
