// The distances between the newest rows and what one discriminator calls normal, along one path of optimisation.
// Hot: reused buffers; one measurement is one call into the kernels.
//
// Notation   T rows, C channels, n = T*C inputs, x the observed window, z the optimised one
import type {
  BacktrackingAscent,
  DiscriminatorKernels,
} from '../../../engine/discriminator-kernels.ts';
import { removeLevel } from '../../window-level.ts';
import type { Distances } from '../scoring/distances.ts';
import { RowViews } from '../scoring/views.ts';

/** A path through input space: where it starts, how it goes, and how its end is read. */
export interface Path {
  /** Whether x is the window without its level. */
  readonly levelFree: boolean;
  /** Writes the starting point, (T, C), into z. */
  readonly start: (x: Float32Array, z: Float32Array) => void;
  readonly ascent: BacktrackingAscent;
  readonly halfLives: readonly number[];
}

export class GonDistances implements Distances {
  readonly length: number;
  readonly views: RowViews;
  readonly expected: Float32Array;
  readonly #kernels: DiscriminatorKernels;
  readonly #path: Path;
  /** (C,) what was taken off x. */
  readonly #levels: Float32Array;

  constructor(kernels: DiscriminatorKernels, width: number, path: Path) {
    this.length = kernels.shape.inputs / width;
    this.views = new RowViews(this.length, width, path.halfLives);
    this.expected = new Float32Array(width);
    this.#kernels = kernels;
    this.#path = path;
    this.#levels = new Float32Array(width);
  }

  measure(values: Float32Array, end: number): void {
    const { x, z, shape } = this.#kernels;
    x.set(values.subarray(end - shape.inputs, end));
    if (this.#path.levelFree) removeLevel(x, this.#levels);
    this.#path.start(x, z);
    if (this.#path.ascent.steps > 0) this.#kernels.ascend(1, this.#path.ascent);
    this.views.read(x, z);
    const width = this.expected.length;
    for (let c = 0; c < width; c += 1) {
      this.expected[c] = (z[shape.inputs - width + c] as number) + (this.#levels[c] as number);
    }
  }
}
