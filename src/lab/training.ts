// Training in a process of its own.
import type { PluginPlace } from '../core/plugin-module.ts';
import type { Series } from '../core/series.ts';
import type { ToldCounters } from '../detection/windows/find-counters.ts';
import { runInProcess } from '../detectors/training/process.ts';
import type { Task } from '../detectors/training/run-training.ts';
import type { TrainingProgress } from '../detectors/training/trainer.ts';
import type { EngineName } from '../models/load-engine.ts';
import type { Model } from '../models/model.ts';

export interface WorkerTraining {
  readonly seed: number;
  /** Time between rows of the grid, milliseconds. */
  readonly intervalMs: number;
  /**
   * Channels by id: true = a counter, false = not a counter. Channels that are not listed are detected by their readings.
   */
  readonly counters?: ToldCounters | undefined;
  readonly engine?: EngineName | undefined;
  /** Plug-ins that provide further kinds of detector. */
  readonly plugins?: readonly PluginPlace[] | undefined;
  readonly onProgress?: (progress: TrainingProgress) => void;
  readonly signal?: AbortSignal;
}

/**
 * Runs the trainer of that kind in a process of its own. Rejects with the trainer's `KnownError`; on abort it rejects
 * with the signal's reason. The trainer's schema parses `options`; missing ones get their defaults.
 */
export function trainInWorker(
  kind: string,
  series: Series,
  options: unknown,
  { seed, intervalMs, counters, engine, plugins, ...context }: WorkerTraining,
): Promise<Model> {
  const task: Task = { kind, series, options, seed, intervalMs, counters, engine, plugins };
  return runInProcess(new URL('./training-process.ts', import.meta.url), task, context);
}
