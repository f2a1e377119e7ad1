import type { Series } from '../../core/series.ts';
import { standardDeviation } from '../../engine/statistics.ts';
import type { Segment } from './segments.ts';

/** A labelled stretch of the test rows. */
export interface LabelledSegment extends Segment {
  /** 0-based indices of the channels that were wrong, where the data set says so. */
  readonly channels?: readonly number[];
  readonly kind?: string;
}

/** One series of a data set: what may be learnt from, what is judged, and the truth. */
export interface LabelledSeries {
  /** Data set and series, e.g. `SMD/machine-1-6`. */
  readonly id: string;
  /** Taken as normal; never labelled. */
  readonly train: Series;
  /** Follows `train` in time, with the same channels. */
  readonly test: Series;
  /** (N,) of `test`, 1 = anomalous. */
  readonly labels: Uint8Array;
  /** In order. Where the data set explains its anomalies, one per explanation; else one per run of labels. */
  readonly segments: readonly LabelledSegment[];
  /** Time between rows, milliseconds; nominal where the data set has no clock. */
  readonly intervalMs: number;
}

/** Scale of a channel in its unit: its standard deviation; a tenth of the value of a constant channel; 1 at 0. */
export function channelSpread(series: Series, channel: number): number {
  const width = series.channels.length;
  const readings = series.values.filter(
    (value, i) => i % width === channel && Number.isFinite(value),
  );
  if (readings.length === 0) return 1;
  return standardDeviation(readings) || Math.abs(readings[0] as number) / 10 || 1;
}
