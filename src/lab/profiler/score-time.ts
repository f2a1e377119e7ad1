// How long models take to score a row, measured in turns beside a yardstick.
import { lookUp } from '../../core/registry.ts';
import type { Series } from '../../core/series.ts';
import { gridded, scaledRows } from '../../detection/windows/gridded.ts';
import { detectors } from '../../detectors/index.ts';
import { windowAt, windowTable } from '../../detectors/scoring/training/window-table.ts';
import type { Kernels } from '../../engine/discriminator-kernels.ts';
import { median } from '../../engine/statistics.ts';
import type { Model } from '../../models/model.ts';
import { createYardstick, isSlowed, type TimingOptions, timed, warmUp } from './timing.ts';

/** Turns, and how long each model is timed in each. */
const TURNS = 5;
const TIMING: TimingOptions = { warmUpRuns: 50, warmUpS: 0.05, leastRuns: 50, leastS: 0.1 };

export interface ScoreTimes {
  /** Median of each model, microseconds. */
  readonly usPerRow: readonly number[];
  /** Whether other work slowed this machine meanwhile, so that only the ratios say anything. */
  readonly disturbed: boolean;
}

interface TimingContext {
  readonly kernels: Kernels;
  readonly signal: AbortSignal;
  readonly progress: (fraction: number) => void;
}

/** Each model scores the rows of the series, one after the other; other work slows all of them alike. */
export function timedInTurns(
  models: readonly Model[],
  series: Series,
  context: TimingContext,
): Promise<ScoreTimes> {
  return runsInTurns(
    models.map((model) => scoringOf(model, series, context.kernels)),
    context,
  );
}

/** As `timedInTurns`, for what scores the next row in each call. */
export async function runsInTurns(
  runs: readonly (() => void)[],
  { kernels, signal, progress }: TimingContext,
): Promise<ScoreTimes> {
  const yardstick = createYardstick(kernels);
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
  return {
    usPerRow: times.map((own) => median(own)),
    disturbed: isSlowed(median(yardsticks), yardstick.leastS),
  };
}

/** Each call scores the next row of the series. */
export function scoringOf(model: Model, series: Series, kernels: Kernels): () => void {
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
