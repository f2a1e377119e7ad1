// The worker thread of compress.ts.

import { lookUp } from '../core/registry.ts';
import { rowsBetween, type Series } from '../core/series.ts';
import { alertOptions } from '../detection/alerts/alert-options.ts';
import { DEFAULT_THRESHOLD } from '../detection/thresholds/index.ts';
import { gridded, scaledRows } from '../detection/windows/gridded.ts';
import { gapOptions } from '../detection/windows/window-options.ts';
import { detectors } from '../detectors/index.ts';
import { windowAt, windowTable } from '../detectors/scoring/training/window-table.ts';
import { answerInThread } from '../detectors/training/thread.ts';
import type { Kernels } from '../engine/discriminator-kernels.ts';
import { median } from '../engine/statistics.ts';
import { loadEngine } from '../models/load-engine.ts';
import type { Model } from '../models/model.ts';
import type { Compressing, CompressingProgress, CompressingTask } from './compress.ts';
import { leanModel, withChannelsOf, withScalesOf } from './compression/lean-model.ts';
import { createYardstick, isSlowed, type TimingOptions, timed, warmUp } from './profiler/timing.ts';
import { tryOut } from './retraining/trial.ts';

/** Share of the rows, the newest, that are held back for the trial. */
const HELD_BACK = 0.2;
/** Shares of the progress up to the end of each part. */
const ENDS = { compressing: 0.4, trying: 0.9 };
/** Turns in which the models are timed, and how long each takes. */
const TURNS = 5;
const TIMING: TimingOptions = { warmUpRuns: 50, warmUpS: 0.05, leastRuns: 50, leastS: 0.1 };

await answerInThread<CompressingTask, CompressingProgress, Compressing>(async (task, progress) => {
  const { model: parent, choice, seed, engine } = task;
  const kernels = await loadEngine(engine);
  const recording = withChannelsOf(parent, task.recording);
  const cut = Math.ceil(recording.timeMs.length * (1 - HELD_BACK));
  const before = rowsBetween(recording, 0, cut);
  const held = rowsBetween(recording, cut, recording.timeMs.length);
  const { signal } = new AbortController(); // an abort terminates the whole thread
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
  const timing = await timedInTurns([live, model], held, within(ENDS.trying, 1, 'timing'));
  return { model, report, trial, ...timing };
});

interface TimingContext {
  readonly kernels: Kernels;
  readonly signal: AbortSignal;
  readonly progress: (fraction: number) => void;
}

async function timedInTurns(
  models: readonly [before: Model, after: Model],
  series: Series,
  { kernels, signal, progress }: TimingContext,
): Promise<Pick<Compressing, 'usPerRow' | 'disturbed'>> {
  const yardstick = createYardstick(kernels);
  const runs = models.map((model) => scoringOf(model, series, kernels));
  for (const run of runs) await warmUp(run, TIMING, signal);
  const times: number[][] = runs.map(() => []);
  const yardsticks: number[] = [];
  for (let turn = 0; turn < TURNS; turn++) {
    for (const [i, run] of runs.entries()) {
      const { p50S, yardstickS = 0 } = await timed(run, TIMING, signal, yardstick);
      times[i]?.push(p50S * 1e6);
      yardsticks.push(yardstickS);
    }
    progress((turn + 1) / TURNS);
  }
  const [before, after] = times.map((own) => median(own)) as [number, number];
  return {
    usPerRow: { before, after },
    disturbed: isSlowed(median(yardsticks), yardstick.leastS),
  };
}

/** Each call scores the next row of the series. */
function scoringOf(model: Model, series: Series, kernels: Kernels): () => void {
  const { intervalMs, rates, scaler, kind } = model;
  const detector = lookUp(detectors, kind, 'detector').load(model, kernels);
  const grid = gridded(series, intervalMs, rates ? { rates } : {});
  const rows = scaledRows(grid, scaler);
  const count = grid.timeMs.length;
  const length = Math.min(model.windowLength, count);
  const table = windowTable({ series: grid, rows }, length, [0, count]);
  const width = series.channels.length;
  const latest = new Float64Array(width);
  let place = 0;
  return () => {
    const values = windowAt(table, place % table.starts.length);
    detector.score({ streamId: '', endMs: 0, length, width, latest, imputed: 0, values });
    place++;
  };
}
