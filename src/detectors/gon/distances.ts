// The distances between a window and its optimised form, along one path of one member.
// Hot: reused buffers; one measurement is one call into the kernels.
//
// Notation   T rows, C channels, n = T*C inputs, x the observed window, z the optimised one

import { removeLevel } from '../normalisation.ts';
import { type Distances, RowViews } from '../scoring/path.ts';

/** A path of optimisation in input space. */
export interface Path {
  /** Whether x is the window without its level. */
  readonly levelFree: boolean;
  /** Returns z, (T, C), which is valid until the next call. */
  readonly optimise: (x: Float32Array) => Float32Array;
  readonly halfLives: readonly number[];
  /** Clip limit of the values of x. */
  readonly clip: number | undefined;
}

export class GonDistances implements Distances {
  readonly length: number;
  readonly views: RowViews;
  readonly expected: Float32Array;
  /** (T*C,) all paths of a member share it. */
  readonly #x: Float32Array;
  readonly #path: Path;
  /** (C,) the level that was subtracted from x. */
  readonly #levels: Float32Array;

  constructor(x: Float32Array, width: number, path: Path) {
    this.length = x.length / width;
    this.views = new RowViews(this.length, width, path.halfLives);
    this.expected = new Float32Array(width);
    this.#x = x;
    this.#path = path;
    this.#levels = new Float32Array(width);
  }

  measure(values: Float32Array, end: number): void {
    const x = this.#x;
    copyClipped(values.subarray(end - x.length, end), x, this.#path.clip);
    if (this.#path.levelFree) removeLevel(x, this.#levels);
    const z = this.#path.optimise(x);
    this.views.read(x, z);
    const width = this.expected.length;
    for (let c = 0; c < width; c += 1) {
      this.expected[c] = (z[z.length - width + c] as number) + (this.#levels[c] as number);
    }
  }
}

/** Copies the values, limited to +-clip. */
export function copyClipped(
  values: Float32Array,
  into: Float32Array,
  clip = Number.POSITIVE_INFINITY,
): void {
  into.set(values);
  // Few cells are that far: comparing all is cheaper than writing all.
  for (let i = 0; i < into.length; i += 1) {
    const value = into[i] as number;
    if (value > clip) into[i] = clip;
    else if (value < -clip) into[i] = -clip;
  }
}
