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
  /** Writes the starting point, (T, C), into z. */
  readonly start: (x: Float32Array, z: Float32Array) => void;
  /** Moves z; undefined = z stays at the starting point. */
  readonly ascend: (() => void) | undefined;
  readonly halfLives: readonly number[];
  /** Clip limit of the values of x. */
  readonly clip: number | undefined;
}

/** Buffers of a member, (T*C) each; its paths share them. */
interface MemberBuffers {
  readonly x: Float32Array;
  readonly z: Float32Array;
}

export class GonDistances implements Distances {
  readonly length: number;
  readonly views: RowViews;
  readonly expected: Float32Array;
  readonly #buffers: MemberBuffers;
  readonly #path: Path;
  /** (C,) the level that was subtracted from x. */
  readonly #levels: Float32Array;

  constructor(buffers: MemberBuffers, width: number, path: Path) {
    this.length = buffers.x.length / width;
    this.views = new RowViews(this.length, width, path.halfLives);
    this.expected = new Float32Array(width);
    this.#buffers = buffers;
    this.#path = path;
    this.#levels = new Float32Array(width);
  }

  measure(values: Float32Array, end: number): void {
    const { x, z } = this.#buffers;
    copyClipped(values.subarray(end - x.length, end), x, this.#path.clip);
    if (this.#path.levelFree) removeLevel(x, this.#levels);
    this.#path.start(x, z);
    this.#path.ascend?.();
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
  for (let i = 0; i < into.length; i += 1) {
    into[i] = Math.max(-clip, Math.min(clip, values[i] as number));
  }
}
