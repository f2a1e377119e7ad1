import type { Sample } from './sample.ts';

/** The last T samples of a stream on a regular grid, scaled. */
export interface Window {
  readonly streamId: string;
  /** Time of the newest row, Unix milliseconds. */
  readonly endMs: number;
  /** T, rows: as many as the detector needs; fewer while a stream warms up, if the detector accepts them. */
  readonly length: number;
  /** C, channels. */
  readonly width: number;
  /** (T, C) row-major, oldest row first, scaled. Borrowed: valid until the next push to the windower. */
  readonly values: Float32Array;
  /** (C,) newest row in channel units after imputation. Borrowed like `values`. */
  readonly latest: Float64Array;
  /** Share of the T*C cells that were imputed, 0 to 1. */
  readonly imputed: number;
}

/** Turns samples into windows: none while a stream warms up, several after a gap. */
export interface Windower {
  push(sample: Sample): readonly Window[];
}
