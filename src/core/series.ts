// Recorded rows of a stream, and the stretches that training leaves out.
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

/** Rows `from` to `to`, without `to`, as a series that shares memory with the whole. */
export function rowsBetween(series: Series, from: number, to: number): Series {
  const width = series.channels.length;
  return {
    ...series,
    timeMs: series.timeMs.subarray(from, to),
    values: series.values.subarray(from * width, to * width),
  };
}

/** The channels at these places, in this order, as a series with its own copy of the values. */
export function channelsAt(series: Series, places: readonly number[]): Series {
  const width = series.channels.length;
  const rows = series.timeMs.length;
  const values = new Float64Array(rows * places.length);
  for (let row = 0; row < rows; row++) {
    for (const [to, from] of places.entries()) {
      values[row * places.length + to] = series.values[row * width + from] as number;
    }
  }
  const channels = places.map((place) => series.channels[place] as Channel);
  return { ...series, channels, values };
}

/** A stretch of a stream that training leaves out, both ends included. */
export interface Exclusion {
  readonly fromMs: number;
  readonly toMs: number;
  /**
   * An alert that was not called normal, a silence or maintenance window, a part of the lesson that was not calm, a stretch that
   * a person marked as an anomaly, or what was before an alert that was accepted.
   */
  readonly reason: 'alert' | 'quiet' | 'lesson' | 'marked' | 'accepted';
}

/** Whether training leaves out a row of `timeMs`. O(exclusions). */
export function isExcluded(exclusions: readonly Exclusion[], timeMs: number): boolean {
  return exclusions.some(({ fromMs, toMs }) => fromMs <= timeMs && timeMs <= toMs);
}
