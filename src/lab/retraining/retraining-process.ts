// The process of retraining.ts.
import { getPriority, setPriority } from 'node:os';
import { importPlugins } from '../../core/plugin-module.ts';
import { detectionKinds } from '../../detectors/index.ts';
import { answerInProcess } from '../../detectors/training/process.ts';
import { runTraining } from '../../detectors/training/run-training.ts';
import { loadKernels } from '../../engine/kernels/load.ts';
import { trainersWith } from '../trainers.ts';
import type { Retrained, RetrainingProgress, RetrainingTask } from './retraining.ts';
import { heldBackForTrial, tryOut } from './trial.ts';

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
  const { before, held } = heldBackForTrial(series);
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
