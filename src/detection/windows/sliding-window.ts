// The last T rows of a stream, scaled. Hot: each row is written twice into a ring, so that each window is a contiguous view.
//
// Notation   T rows, C channels; ring (2T, C): row r lies at r mod T and again T below, rows p .. p+T-1 are a window.
import type { Sample } from '../../core/sample.ts';
import type { Window, Windower } from '../../core/window.ts';
import type { ChannelRate, ScalerState } from '../../models/model.ts';
import { fillCentre, scaleInto } from './scaler.ts';
import { TimeGrid } from './time-grid.ts';
import { type GapOptions, gapOptions } from './window-options.ts';

export interface SlidingWindowSetup {
  readonly streamId: string;
  /** T, rows. */
  readonly length: number;
  /** Least rows of a window while the stream warms up; default T. */
  readonly least?: number | undefined;
  readonly intervalMs: number;
  readonly scaler: ScalerState;
  /** Counters, which are watched by their rates; absent = none. */
  readonly rates?: readonly ChannelRate[] | undefined;
  /** Default: the defaults of `gapOptions`. */
  readonly options?: GapOptions;
}

const NONE: readonly Window[] = [];

/**
 * Puts samples on the time grid and returns a window for each new row once there are enough consecutive rows. After a
 * restart of the grid (long gap, clock set back) it warms up again. Windows with too many imputed cells are left out.
 *
 * `values` and `latest` of a single window are valid until the next push; only the object itself is allocated. If a short
 * gap makes several windows, at most `maxGap + 1`, each has its own copy.
 */
export class SlidingWindow implements Windower {
  readonly #streamId: string;
  readonly #length: number;
  readonly #least: number;
  readonly #width: number;
  readonly #scaler: ScalerState;
  readonly #maxImputed: number;
  readonly #grid: TimeGrid;
  readonly #ring: Float32Array;
  readonly #views: readonly Float32Array[];
  readonly #imputedCells: Uint32Array;
  #imputedSum = 0;
  #rows = 0;

  constructor({
    streamId,
    length,
    least = length,
    intervalMs,
    scaler,
    rates,
    options,
  }: SlidingWindowSetup) {
    if (!(Number.isInteger(length) && length > 0))
      throw new RangeError(`window length is ${length}`);
    const gaps = options ?? gapOptions.parse({});
    const width = scaler.offset.length;
    this.#streamId = streamId;
    this.#length = length;
    this.#least = least;
    this.#width = width;
    this.#scaler = scaler;
    this.#maxImputed = gaps.maxImputed;
    this.#grid = new TimeGrid(width, intervalMs, gaps, rates);
    this.#ring = new Float32Array(2 * length * width);
    this.#views = Array.from({ length }, (_, p) =>
      this.#ring.subarray(p * width, (p + length) * width),
    );
    this.#imputedCells = new Uint32Array(length);
  }

  push(sample: Sample): readonly Window[] {
    let due = this.#grid.push(sample.timeMs, sample.values);
    if (due === 0) return NONE;
    if (this.#grid.restarted) this.#clear();
    if (due === 1) {
      const window = this.#next();
      return window ? [window] : NONE;
    }
    const windows: Window[] = [];
    for (; due > 0; due--) {
      const window = this.#next();
      if (window) windows.push(owned(window));
    }
    return windows;
  }

  #next(): Window | undefined {
    const grid = this.#grid;
    grid.advance();
    const row = this.#rows % this.#length;
    this.#write(row);
    this.#imputedSum += grid.imputedCells - (this.#imputedCells[row] as number);
    this.#imputedCells[row] = grid.imputedCells;
    this.#rows++;
    const length = Math.min(this.#rows, this.#length);
    const imputed = this.#imputedSum / (length * this.#width);
    const view = this.#views[this.#rows % this.#length];
    if (length < this.#least || imputed > this.#maxImputed || !view) return undefined;
    return {
      streamId: this.#streamId,
      endMs: grid.timeMs,
      length,
      width: this.#width,
      // During warm-up only the newest rows of the ring are filled.
      values: length < this.#length ? view.subarray(-length * this.#width) : view,
      latest: grid.values,
      imputed,
    };
  }

  #write(row: number): void {
    const width = this.#width;
    const at = row * width;
    scaleInto(this.#scaler, this.#grid.values, this.#ring, at);
    fillCentre(this.#ring, at, width);
    this.#ring.copyWithin((row + this.#length) * width, at, at + width);
  }

  #clear(): void {
    this.#rows = 0;
    this.#imputedSum = 0;
    this.#imputedCells.fill(0);
  }
}

function owned(window: Window): Window {
  return { ...window, values: window.values.slice(), latest: window.latest.slice() };
}
