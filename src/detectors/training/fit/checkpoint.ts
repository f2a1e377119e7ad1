// All that a training needs to go on as if it had never stopped, as plain data.
import { WeightsError } from '../../../core/errors.ts';
import type { Floats } from '../../../engine/floats.ts';
import type { RandomState } from '../../../engine/random.ts';

export interface FitCheckpoint {
  /** Steps taken. */
  readonly step: number;
  /** Of the last one; NaN before the first. */
  readonly last: { readonly loss: number; readonly gradientNorm: number };
  readonly weights: Floats;
  /** What the optimiser remembers. */
  readonly optimiser: Readonly<Record<string, Float64Array>>;
  /** Of the order of the examples, and of what is drawn to fill them. */
  readonly order: RandomState;
  readonly draws: RandomState;
  readonly checks: ChecksState;
  /** What the order depends on. */
  readonly examples: number;
  readonly batch: number;
}

/** What the validation has found so far. */
export interface ChecksState {
  /** Steps taken when the last was made; 0 = none was. */
  readonly step: number;
  readonly lastLoss?: number;
  /** Checks in a row that found no lower loss. */
  readonly vain: number;
  readonly best?: BestWeights;
}

export interface BestWeights {
  /** Steps taken by then. */
  readonly step: number;
  /** Validation loss. */
  readonly loss: number;
  readonly weights: Floats;
}

/** Throws `WeightsError` unless the checkpoint is of such a training. */
export function requireFitting(
  checkpoint: FitCheckpoint,
  own: { readonly weights: number; readonly examples: number; readonly batch: number },
): void {
  const told = ({ weights, examples, batch }: typeof own): string =>
    `${weights} weights and ${examples} examples in batches of ${batch}`;
  const { examples, batch } = checkpoint;
  const found = told({ weights: checkpoint.weights.length, examples, batch });
  if (found === told(own)) return;
  throw new WeightsError(
    `the checkpoint is of a training with ${found}, this one has ${told(own)}: start it anew`,
  );
}
