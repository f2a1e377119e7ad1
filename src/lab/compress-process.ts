// The process of compress.ts.

import { rowsBetween } from '../core/series.ts';
import { alertOptions } from '../detection/alerts/alert-options.ts';
import { DEFAULT_THRESHOLD } from '../detection/thresholds/index.ts';
import { gapOptions } from '../detection/windows/window-options.ts';
import { answerInProcess } from '../detectors/training/process.ts';
import { loadEngine } from '../models/load-engine.ts';
import type { Compressing, CompressingProgress, CompressingTask } from './compress.ts';
import { leanModel, withChannelsOf, withScalesOf } from './compression/lean-model.ts';
import { timedInTurns } from './profiler/score-time.ts';
import { tryOut } from './retraining/trial.ts';

/** Share of the rows, the newest, that are held back for the trial. */
const HELD_BACK = 0.2;
/** Shares of the progress up to the end of each part. */
const ENDS = { compressing: 0.4, trying: 0.9 };

await answerInProcess<CompressingTask, CompressingProgress, Compressing>(async (task, progress) => {
  const { model: parent, choice, seed, engine } = task;
  const kernels = await loadEngine(engine);
  const recording = withChannelsOf(parent, task.recording);
  const cut = Math.ceil(recording.timeMs.length * (1 - HELD_BACK));
  const before = rowsBetween(recording, 0, cut);
  const held = rowsBetween(recording, cut, recording.timeMs.length);
  const { signal } = new AbortController(); // an abort ends the whole process
  const within = (from: number, to: number, doing: CompressingProgress['doing']) => ({
    kernels,
    signal,
    progress: (fraction: number) => progress({ fraction: from + (to - from) * fraction, doing }),
  });
  const compressing = within(0, ENDS.compressing, 'compressing');
  const { model, report } = await leanModel(parent, before, choice, compressing);
  // On the same rows, else the trial would compare two calibrations.
  const live = await withScalesOf(parent, before, { ...compressing, progress: () => undefined });
  const trial = tryOut({
    ...{ live: { model: live }, candidate: { model }, before, held, seed },
    settings: {
      threshold: { kind: DEFAULT_THRESHOLD, options: {} },
      alerts: alertOptions.parse({}),
      windows: gapOptions.parse({}),
    },
    ...within(ENDS.compressing, ENDS.trying, 'trying'),
  });
  const timing = within(ENDS.trying, 1, 'timing');
  const { usPerRow, disturbed } = await timedInTurns([live, model], held, timing);
  const [was = 0, is = 0] = usPerRow;
  return { model, report, trial, usPerRow: { before: was, after: is }, disturbed };
});
