import { importPlugins, type PluginModule, type PluginPlace } from '../../core/plugin-module.ts';
import { lookUp, parseOptions, type Registry } from '../../core/registry.ts';
import type { Series } from '../../core/series.ts';
import type { ToldCounters } from '../../detection/windows/find-counters.ts';
import type { Kernels } from '../../engine/discriminator-kernels.ts';
import type { EngineName } from '../../models/load-engine.ts';
import type { Model } from '../../models/model.ts';
import { sealModel } from '../../models/model-file.ts';
import { trainersWith } from './index.ts';
import { type Trainer, type TrainingProgress, usualIn } from './trainer.ts';

/** What is to be trained, as plain data. */
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

/** Least time between progress reports, milliseconds. */
const PROGRESS_EVERY_MS = 50;

/**
 * The model knows what is usual of its rows. `trainersOf` gives the trainers, those of plug-ins included. Throws `ConfigError`
 * for an unknown kind or a wrong option, and what the trainer throws.
 */
export async function runTraining(
  { kind, series, options, seed, intervalMs, counters, plugins = [] }: Task,
  kernels: Kernels,
  report: (progress: TrainingProgress) => void,
  trainersOf: (modules: readonly PluginModule[]) => Registry<Trainer> = trainersWith,
): Promise<Model> {
  const trainers = trainersOf(await importPlugins(plugins));
  const trainer = lookUp(trainers, kind, 'detector kind');
  const parsed = parseOptions(trainer.options, options ?? {}, `detector ${kind}`);
  let last = 0;
  const model = await trainer.train(series, parsed, {
    kernels,
    seed,
    intervalMs,
    counters,
    signal: new AbortController().signal, // an abort ends the whole process
    progress(progress) {
      if (progress.fraction < 1 && performance.now() - last < PROGRESS_EVERY_MS) return;
      last = performance.now();
      report(progress);
    },
  });
  return sealModel({ ...model, usual: usualIn(series, model) });
}
