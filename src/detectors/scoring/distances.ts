import type { RowViews } from './views.ts';

/** Measures how far the newest rows lie from normal ones. What it found is valid until the next call. */
export interface Distances {
  /** T, rows it looks at. */
  readonly length: number;
  readonly views: Pick<RowViews, 'perView'>;
  /** (C,) what the newest row should have been, scaled. */
  readonly expected: Float32Array;
  /** Measures the rows of `values`, (>= T, C) row-major, that end before the cell `end`. */
  measure(values: Float32Array, end: number): void;
}
