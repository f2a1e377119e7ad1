// The process of retraining.ts.
import { getPriority, setPriority } from 'node:os';
import { importPlugins } from '../../core/plugin-module.ts';
import { rowsBetween } from '../../core/series.ts';
import { detectionKinds } from '../../detectors/index.ts';
import { answerInProcess } from '../../detectors/training/process.ts';
import { runTraining } from '../../detectors/training/run-training.ts';
import { loadKernels } from '../../engine/kernels/load.ts';
import { trainersWith } from '../trainers.ts';
import type { Retrained, RetrainingProgress, RetrainingTask } from './retraining.ts';
import { tryOut } from './trial.ts';

/** Share of the rows, the newest, that are held back from the training for the trial. */
const HELD_BACK = 0.2;
/** Share of the progress that is the training's. */
const TRAINING = 0.7;
/** As `nice -n 10`: the pipelines run first. */
const PRIORITY = 10;

await answerInProcess<RetrainingTask, RetrainingProgress, Retrained>(async (task, progress) => {
  giveWay();
  const {
    detector: kind,
    options,
    seed,
    intervalMs,
    counters,
    series,
    live,
    settings,
    plugins = [],
  } = task;
  const kernels = await loadKernels();
  const cut = Math.ceil(series.timeMs.length * (1 - HELD_BACK));
  const before = rowsBetween(series, 0, cut);
  const held = rowsBetween(series, cut, series.timeMs.length);
  const training = { kind, options, seed, intervalMs, counters, series: before, plugins };
  const report = ({ fraction }: RetrainingProgress) => progress({ fraction: TRAINING * fraction });
  const model = await runTraining(training, kernels, report, trainersWith);
  const trial = tryOut({
    kinds: detectionKinds(await importPlugins(plugins)),
    ...{ live, candidate: { model }, before, held, settings, seed, kernels },
    progress: (fraction) => progress({ fraction: TRAINING + (1 - TRAINING) * fraction }),
  });
  return { model, trial };
});

/** Lowers the priority of this process if the system allows it; otherwise trains at the usual priority. */
function giveWay(): void {
  try {
    if (getPriority() < PRIORITY) setPriority(PRIORITY);
  } catch {
    // forbidden by a sandbox, e.g. a container's or a unit's own
  }
}
