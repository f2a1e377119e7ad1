// Trains a new model from newer rows and compares it with the live one, in a process of its own, so that the stream continues.
import type { PluginPlace } from '../../core/plugin-module.ts';
import type { Series } from '../../core/series.ts';
import type { ToldCounters } from '../../detection/windows/find-counters.ts';
import { runInProcess } from '../../detectors/training/process.ts';
import type { Model } from '../../models/model.ts';
import type { Contender, StreamSettings } from './contender.ts';
import type { Trial } from './trial.ts';

export interface RetrainingTask {
  readonly detector: string;
  readonly options: unknown;
  readonly seed: number;
  /** Time between rows of the grid, milliseconds. */
  readonly intervalMs: number;
  /** Channels that are declared to be counters, or not to be, independent of their readings. */
  readonly counters?: ToldCounters | undefined;
  /** Normal rows, all of them. */
  readonly series: Series;
  readonly live: Contender;
  readonly settings: StreamSettings;
  /** That bring further kinds. */
  readonly plugins?: readonly PluginPlace[];
}

export interface Retrained {
  readonly model: Model;
  readonly trial: Trial;
}

/** 0 to 1. */
export interface RetrainingProgress {
  readonly fraction: number;
}

/**
 * Trains on the older rows, then has both models judge the newest. Rejects with the trainer's `KnownError`, or at once
 * with the signal's reason.
 */
export function retrainInWorker(
  task: RetrainingTask,
  context: { readonly onProgress?: (progress: RetrainingProgress) => void; signal: AbortSignal },
): Promise<Retrained> {
  return runInProcess(new URL('./retraining-process.ts', import.meta.url), task, context);
}
