import type { ZodType } from 'zod';
import type { Series } from '../../core/series.ts';
import type { ToldCounters } from '../../detection/windows/find-counters.ts';
import type { Kernels } from '../../engine/discriminator-kernels.ts';
import type { NamedWeights } from '../../engine/tape/program.ts';
import type { Model } from '../../models/model.ts';

/** How far a training is; `fraction` is 0 to 1. */
export interface TrainingProgress {
  readonly fraction: number;
  readonly step: number;
  readonly steps: number;
  readonly loss: number;
  /** Of the last look at the validation part; absent where there was none yet. */
  readonly validationLoss?: number;
}

export interface TrainingContext {
  readonly kernels: Kernels;
  readonly seed: number;
  /** Time between rows of the grid; the series is resampled to it. */
  readonly intervalMs: number;
  /** Channels that are counters, or are none, whatever their readings look like. */
  readonly counters?: ToldCounters | undefined;
  readonly progress: (progress: TrainingProgress) => void;
  readonly signal: AbortSignal;
  /** Sets weights that are known before the first step; asked by detectors that forecast. */
  readonly begin?: ((weights: readonly NamedWeights[]) => void) | undefined;
}

/** How one kind of detector is trained. Same series, options and seed give the same bytes. */
export interface Trainer<Options = unknown> {
  readonly kind: string;
  readonly options: ZodType<Options>;
  /** Throws `CalibrationError` when the series is too short or too uniform. Yields to the event loop. */
  train(series: Series, options: Options, context: TrainingContext): Promise<Model>;
}
