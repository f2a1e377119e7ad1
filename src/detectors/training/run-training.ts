import { importPlugins } from '../../core/plugin-module.ts';
import { lookUp, parseOptions } from '../../core/registry.ts';
import type { Kernels } from '../../engine/discriminator-kernels.ts';
import type { Model } from '../../models/model.ts';
import { sealModel } from '../../models/model-file.ts';
import { trainersWith } from './index.ts';
import { type TrainingProgress, usualIn } from './trainer.ts';
import type { Task } from './worker.ts';

/** Least time between progress reports, milliseconds. */
const PROGRESS_EVERY_MS = 50;

/** The model knows what is usual of its rows. Throws `ConfigError` for an unknown kind or a wrong option, and what the trainer throws. */
export async function runTraining(
  { kind, series, options, seed, intervalMs, counters, plugins = [] }: Task,
  kernels: Kernels,
  report: (progress: TrainingProgress) => void,
): Promise<Model> {
  const trainers = trainersWith(await importPlugins(plugins));
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
