// Puts recorded series on the grid, for training and evaluation, with the same TimeGrid as live samples.
import { rowOf, type Series } from '../../core/series.ts';
import type { ChannelRate, ScalerState } from '../../models/model.ts';
import { fillCentre, scaleInto } from './scaler.ts';
import { TimeGrid } from './time-grid.ts';
import { type GapOptions, gapOptions } from './window-options.ts';

/** A series on a regular grid, except at restarts. NaN only before the first reading of a channel. */
export interface GriddedSeries extends Series {
  /** (N, C) row-major, 1 = imputed. */
  readonly imputed: Uint8Array;
  /** Ascending rows that do not follow the row before them: 0, and one after each long gap. */
  readonly restarts: readonly number[];
}

/** Resamples to `intervalMs`, and turns counters into rates, exactly as `SlidingWindow` does. O(N * C). */
export function gridded(
  series: Series,
  intervalMs: number,
  {
    rates,
    options,
  }: { readonly rates?: readonly ChannelRate[]; readonly options?: GapOptions } = {},
): GriddedSeries {
  const gaps = options ?? gapOptions.parse({});
  const width = series.channels.length;
  const gridOf = (): TimeGrid => new TimeGrid(width, intervalMs, gaps, rates);
  const rows = eachRow(series, gridOf(), () => undefined);
  const timeMs = new Float64Array(rows);
  const values = new Float64Array(rows * width);
  const imputed = new Uint8Array(rows * width);
  const restarts: number[] = [];
  eachRow(series, gridOf(), (grid, row) => {
    if (grid.restarted) restarts.push(row);
    timeMs[row] = grid.timeMs;
    values.set(grid.values, row * width);
    imputed.set(grid.imputed, row * width);
  });
  return { id: series.id, channels: series.channels, timeMs, values, imputed, restarts };
}

/** (N, C) row-major, scaled as the rows of a `Window`; cells before the first reading are 0, the training centre. */
export function scaledRows(series: Series, scaler: ScalerState): Float32Array {
  const width = series.channels.length;
  const scaled = new Float32Array(series.values.length);
  for (let row = 0; row < series.timeMs.length; row++) {
    scaleInto(scaler, rowOf(series, row), scaled, row * width);
  }
  fillCentre(scaled, 0, scaled.length);
  return scaled;
}

/** First rows of the windows of `length` rows that `SlidingWindow` makes of the same series, ascending. */
export function windowStarts(
  series: GriddedSeries,
  length: number,
  maxImputed = gapOptions.parse({}).maxImputed,
): Int32Array {
  const width = series.channels.length;
  const starts: number[] = [];
  const restarts = new Set(series.restarts);
  const cells = length * width;
  let first = 0;
  let imputed = 0;
  for (let row = 0; row < series.timeMs.length; row++) {
    if (restarts.has(row)) {
      first = row;
      imputed = 0;
    }
    imputed += imputedIn(series, row);
    if (row - length >= first) imputed -= imputedIn(series, row - length);
    if (row - length + 1 >= first && imputed / cells <= maxImputed) starts.push(row - length + 1);
  }
  return Int32Array.from(starts);
}

/** The rows, limited to +-clip. */
export function clippedRows(rows: Float32Array, clip: number): Float32Array {
  return rows.map((value) => Math.max(-clip, Math.min(clip, value)));
}

function imputedIn(series: GriddedSeries, row: number): number {
  const width = series.channels.length;
  let count = 0;
  for (let i = row * width; i < (row + 1) * width; i++) count += series.imputed[i] as number;
  return count;
}

/** Returns the number of rows. */
function eachRow(
  series: Series,
  grid: TimeGrid,
  see: (grid: TimeGrid, row: number) => void,
): number {
  let row = 0;
  for (let i = 0; i < series.timeMs.length; i++) {
    for (let due = grid.push(series.timeMs[i] as number, rowOf(series, i)); due > 0; due--) {
      grid.advance();
      see(grid, row++);
    }
  }
  return row;
}
