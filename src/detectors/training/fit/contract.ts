// What a training is given, what it tells and what it gives.
import type { Floats } from '../../../engine/floats.ts';
import type { RateSchedule } from '../../../engine/optimisers/rate-schedules.ts';
import type { Random } from '../../../engine/random.ts';
import type { Tensor } from '../../../engine/tape/tensor.ts';
import type { TrainingProgress } from '../trainer.ts';
import type { BestWeights, FitCheckpoint } from './checkpoint.ts';

/** Numbered examples, of which a batch is written into a program's inputs. */
export interface ExampleSet {
  readonly count: number;
  /**
   * Writes the examples `rows`, (batch,), into the views of `FitOptions.inputs`, one after the other. Whatever is drawn,
   * e.g. a mask, has to come from `random`: then a training that goes on after a stop draws the same.
   */
  fill(rows: Int32Array, into: readonly Floats[], random: Random): void;
}

export interface FitOptions {
  /** What shall fall: one number of the program. */
  readonly loss: Tensor;
  /** What `fill` writes. */
  readonly inputs: readonly Tensor[];
  /** Examples that the program takes at a time. */
  readonly batch: number;
  readonly training: ExampleSet;
  /** Passes over the training set, or steps. */
  readonly duration: { readonly epochs: number } | { readonly steps: number };
  readonly seed: number;
  /** Absent: the optimiser's own rate. */
  readonly rate?: RateSchedule;
  /** Greatest norm of a step's gradients. */
  readonly clipNorm?: number;
  readonly validation?: ValidationOptions;
  /** Called after each step, and again once a validation loss is known. */
  readonly progress?: (progress: FitProgress) => void;
  /** Where to go on. All else must be as it was. */
  readonly from?: FitCheckpoint;
}

export interface ValidationOptions extends ExampleSet {
  /** Steps from one check to the next; the last step is checked too. */
  readonly every: number;
  /** The training ends after so many checks in a row that found no lower loss; absent = it never does. */
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
  /** Whose weights the program has now; absent without validation, then it has the last ones. */
  readonly best?: Pick<BestWeights, 'step' | 'loss'>;
}

/** A training that is under way, or could be. */
export interface Fit {
  /**
   * Trains the program's weights in place until the duration or the patience is over. Yields to the event loop.
   *
   * Throws the signal's reason once it is aborted; then `run` again, or one made from the `checkpoint`, goes on.
   * Throws `CalibrationError` when loss or gradients are no longer finite; the program then has the last weights with
   * which they were, and the best ones by validation are still in the `checkpoint`; the optimiser's state is that of the
   * diverged step, so do not go on from it.
   */
  run(signal: AbortSignal): Promise<FitResult>;
  /** May be taken in `progress` and after `run`; a copy. */
  checkpoint(): FitCheckpoint;
}

// Streams of random numbers beside that of the order, added to the seed, so that none changes another.
export const FILLING = 2 ** 32;
export const VALIDATING = 2 * 2 ** 32;

/** Steps it takes to meet each example so often. */
export function stepsOf({
  duration,
  training,
  batch,
}: Pick<FitOptions, 'duration' | 'training' | 'batch'>): number {
  if ('steps' in duration) return duration.steps;
  return Math.ceil((duration.epochs * training.count) / batch);
}

/** Misuse by our own code; data of users are checked where they are read. */
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
