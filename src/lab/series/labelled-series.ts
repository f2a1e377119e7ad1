import type { Series } from '../../core/series.ts';
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
