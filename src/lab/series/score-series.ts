// Scores a recorded series exactly as the daemon would have, sample by sample, never looking ahead.
import type { Detector, Score } from '../../core/detector.ts';
import { rowOf, type Series } from '../../core/series.ts';
import type { Window } from '../../core/window.ts';
import { rowsToSettle } from '../../detection/windows/counter-rate.ts';
import { SlidingWindow } from '../../detection/windows/sliding-window.ts';
import type { GapOptions } from '../../detection/windows/window-options.ts';
import type { Model } from '../../models/model.ts';

export interface SeriesScores {
  /** (N,) what the daemon says when it has seen row i; 0 while a window fills, the last score where none is due. */
  readonly scores: Float64Array;
  /** (N, C) row-major, shares of each channel; rows sum to `scores`. */
  readonly perChannel: Float32Array;
}

export interface ScoringSetup {
  readonly detector: Detector;
  readonly model: Pick<Model, 'scaler' | 'rates' | 'intervalMs' | 'windowLength'>;
  /** Rows just before the series, e.g. the end of training: they fill the first window and are not scored. */
  readonly warmUp?: Series;
  readonly gaps?: GapOptions;
  /** Sees each score with its window, which is borrowed; for thresholds and alerts. */
  readonly observe?: (row: number, window: Window, score: Score) => void;
}

/** One score for every row of the series, in its order. Throws `ShapeError` when the model has another width. */
export function scoreSeries(series: Series, setup: ScoringSetup): SeriesScores {
  const { detector, model, warmUp, gaps, observe } = setup;
  const width = series.channels.length;
  const windower = new SlidingWindow({
    streamId: series.id,
    length: model.windowLength,
    least: detector.leastLength,
    intervalMs: model.intervalMs,
    scaler: model.scaler,
    rates: model.rates,
    ...(gaps ? { options: gaps } : {}),
  });
  const rateRows = rowsToSettle(model.rates ?? []);
  if (warmUp) fill(windower, warmUp, model.windowLength - 1 + rateRows);
  const scores = new Float64Array(series.timeMs.length);
  const perChannel = new Float32Array(series.values.length);
  for (let row = 0; row < scores.length; row++) {
    const windows = push(windower, series, row);
    for (const window of windows) {
      const score = detector.score(window);
      scores[row] = score.value;
      perChannel.set(score.perChannel, row * width);
      observe?.(row, window, score);
    }
    if (windows.length === 0 && row > 0) {
      scores[row] = scores[row - 1] as number;
      perChannel.copyWithin(row * width, (row - 1) * width, row * width);
    }
  }
  return { scores, perChannel };
}

function fill(windower: SlidingWindow, series: Series, rows: number): void {
  const count = series.timeMs.length;
  for (let row = Math.max(0, count - rows); row < count; row++) push(windower, series, row);
}

function push(windower: SlidingWindow, series: Series, row: number): readonly Window[] {
  return windower.push({
    streamId: series.id,
    timeMs: series.timeMs[row] as number,
    values: rowOf(series, row),
  });
}
