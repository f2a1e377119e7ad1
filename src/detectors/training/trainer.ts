// What all trainers share: the interface, progress, pauses for the event loop, and the training rows.
import type { ZodType } from 'zod';
import type { Series } from '../../core/series.ts';
import { usualOf } from '../../detection/alerts/usual-ranges.ts';
import { findCounters, type ToldCounters } from '../../detection/windows/find-counters.ts';
import { type GriddedSeries, gridded } from '../../detection/windows/gridded.ts';
import type { Kernels } from '../../engine/discriminator-kernels.ts';
import type { NamedWeights } from '../../engine/tape/program.ts';
import type { ChannelUsual, Model } from '../../models/model.ts';

/** Progress of a training; `fraction` is 0 to 1. */
export interface TrainingProgress {
  readonly fraction: number;
  readonly step: number;
  readonly steps: number;
  readonly loss: number;
  /** Loss of the last validation check; absent before the first. */
  readonly validationLoss?: number;
}

export interface TrainingContext {
  readonly kernels: Kernels;
  readonly seed: number;
  /** Time between rows of the grid; the series is resampled to it. */
  readonly intervalMs: number;
  /**
   * Channels by id: true = a counter, false = not a counter. Channels that are not listed are detected by their readings.
   */
  readonly counters?: ToldCounters | undefined;
  readonly progress: (progress: TrainingProgress) => void;
  readonly signal: AbortSignal;
  /** Sets weights before the first step; used by detectors with a single network on a tape. */
  readonly begin?: ((weights: readonly NamedWeights[]) => void) | undefined;
}

/** Trains one kind of detector. The same series, options and seed give the same bytes. */
export interface Trainer<Options = unknown> {
  readonly kind: string;
  readonly options: ZodType<Options>;
  /** Fewest rows from which it can learn with these options, where none is missing; absent = any. */
  leastRows?(options: Options): number;
  /** Throws `CalibrationError` when the series is too short or too uniform. Yields to the event loop. */
  train(series: Series, options: Options, context: TrainingContext): Promise<Model>;
}

/** Context for one of two consecutive trainings: each reports half of the progress. */
export function withHalfProgress(context: TrainingContext, part: 0 | 1): TrainingContext {
  return {
    ...context,
    progress: (progress) =>
      context.progress({ ...progress, fraction: (part + progress.fraction) / 2 }),
  };
}

/** Least time between pauses, milliseconds. */
const PAUSE_EVERY_MS = 25;

/**
 * Lets the event loop run; call the function in every step of long work. Throws the signal's reason on abort. Time
 * decides only when to pause, so results do not depend on it.
 */
export function eventLoopPause(signal: AbortSignal): () => Promise<void> {
  let last = performance.now();
  return async () => {
    if (performance.now() - last < PAUSE_EVERY_MS) return;
    await new Promise((resolve) => setTimeout(resolve, 0));
    signal.throwIfAborted();
    last = performance.now();
  };
}

export interface TrainingGrid {
  readonly grid: GriddedSeries;
  /** The model's entry for counters; empty if there are none. */
  readonly watched: Pick<Model, 'rates'>;
}

/**
 * The training rows: on the grid, with counters as rates. Throws `ConfigError` if the context names an unknown channel as
 * a counter.
 */
export function trainingGrid(
  series: Series,
  { intervalMs, counters }: Pick<TrainingContext, 'intervalMs' | 'counters'>,
): TrainingGrid {
  const rates = findCounters(series, intervalMs, counters);
  return {
    grid: gridded(series, intervalMs, { rates }),
    watched: rates.length === 0 ? {} : { rates },
  };
}

/** What the rows of a training show to be usual, in the units in which the model watches its channels. */
export function usualIn(
  series: Series,
  model: Pick<Model, 'channels' | 'rates' | 'intervalMs'>,
): ChannelUsual[] {
  const { rates, intervalMs } = model;
  return usualOf(gridded(series, intervalMs, rates ? { rates } : {}), model);
}
