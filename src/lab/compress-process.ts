// The process of compress.ts.
import { alertOptions } from '../detection/alerts/alert-options.ts';
import { DEFAULT_THRESHOLD } from '../detection/thresholds/index.ts';
import { gapOptions } from '../detection/windows/window-options.ts';
import { answerInProcess } from '../detectors/training/process.ts';
import { loadEngine } from '../models/load-engine.ts';
import type { Compressing, CompressingProgress, CompressingTask } from './compress.ts';
import { leanModel, withChannelsOf, withScalesOf } from './compression/lean-model.ts';
import { timedInTurns } from './profiler/score-time.ts';
import { heldBackForTrial, tryOut } from './retraining/trial.ts';

/** Shares of the progress up to the end of each part. */
const ENDS = { compressing: 0.4, trying: 0.9 };

await answerInProcess<CompressingTask, CompressingProgress, Compressing>(async (task, progress) => {
  const { model: parent, choice, seed, engine } = task;
  const kernels = await loadEngine(engine);
  const recording = withChannelsOf(parent, task.recording);
  const { before, held } = heldBackForTrial(recording);
  const { signal } = new AbortController(); // an abort ends the whole process
  const within = (from: number, to: number, doing: CompressingProgress['doing']) => ({
    kernels,
    signal,
    progress: (fraction: number) => progress({ fraction: from + (to - from) * fraction, doing }),
  });
  const compressing = within(0, ENDS.compressing, 'compressing');
  const { model: lean, report } = await leanModel(parent, before, choice, compressing);
  const quiet = { ...compressing, progress: () => undefined };
  // On the same rows, else the trial would compare two calibrations.
  const live = await withScalesOf(parent, before, quiet);
  const trial = tryOut({
    ...{ live: { model: live }, candidate: { model: lean }, before, held, seed },
    settings: {
      threshold: { kind: DEFAULT_THRESHOLD, options: {} },
      alerts: alertOptions.parse({}),
      windows: gapOptions.parse({}),
    },
    ...within(ENDS.compressing, ENDS.trying, 'trying'),
  });
  // Set as a training on the whole recording sets them, so that the alert level does not move to that of older rows.
  const model = await withScalesOf(lean, recording, quiet);
  const timing = within(ENDS.trying, 1, 'timing');
  const { usPerRow, disturbed } = await timedInTurns([live, model], held, timing);
  const [was = 0, is = 0] = usPerRow;
  return { model, report, trial, usPerRow: { before: was, after: is }, disturbed };
});
