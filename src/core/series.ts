import type { Channel } from './sample.ts';

/**
 * A recorded stretch of a stream, in memory: what training and evaluation read.
 * `values` is (N, C) row-major in channel units, NaN = no reading; `timeMs` is (N,) and ascending.
 */
export interface Series {
  readonly id: string;
  readonly channels: readonly Channel[];
  readonly timeMs: Float64Array;
  readonly values: Float64Array;
}

/** (C,) view of one row of a series; it shares memory with the series. */
export function rowOf(series: Series, row: number): Float64Array {
  const width = series.channels.length;
  return series.values.subarray(row * width, (row + 1) * width);
}

/** Rows `from` to `to`, the latter left out, as a series that shares memory with the whole. */
export function rowsBetween(series: Series, from: number, to: number): Series {
  const width = series.channels.length;
  return {
    ...series,
    timeMs: series.timeMs.subarray(from, to),
    values: series.values.subarray(from * width, to * width),
  };
}
