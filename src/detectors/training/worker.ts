// Training in a thread of its own.
import type { PluginPlace } from '../../core/plugin-module.ts';
import type { Series } from '../../core/series.ts';
import type { ToldCounters } from '../../detection/windows/find-counters.ts';
import type { EngineName } from '../../models/load-engine.ts';
import type { Model } from '../../models/model.ts';
import { runInThread } from './thread.ts';
import type { TrainingProgress } from './trainer.ts';

export interface WorkerTraining {
  readonly seed: number;
  /** Time between rows of the grid, milliseconds. */
  readonly intervalMs: number;
  /** Channels that are counters, or are none, whatever their readings look like. */
  readonly counters?: ToldCounters | undefined;
  readonly engine?: EngineName | undefined;
  /** That bring further kinds. */
  readonly plugins?: readonly PluginPlace[] | undefined;
  readonly onProgress?: (progress: TrainingProgress) => void;
  readonly signal?: AbortSignal;
}

/** What the thread is told. */
export interface Task {
  readonly kind: string;
  readonly series: Series;
  readonly options: unknown;
  readonly seed: number;
  readonly intervalMs: number;
  readonly counters?: ToldCounters | undefined;
  readonly engine?: EngineName | undefined;
  readonly plugins?: readonly PluginPlace[] | undefined;
}

/**
 * Trains as the trainer of that kind would, elsewhere. Rejects with the trainer's own `KnownError`, or at once with
 * the signal's reason. `options` are parsed by the trainer's schema; missing ones take their defaults.
 */
export function trainInWorker(
  kind: string,
  series: Series,
  options: unknown,
  { seed, intervalMs, counters, engine, plugins, ...context }: WorkerTraining,
): Promise<Model> {
  const task: Task = { kind, series, options, seed, intervalMs, counters, engine, plugins };
  return runInThread(new URL('./worker-thread.ts', import.meta.url), task, context);
}
