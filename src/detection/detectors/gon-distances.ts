// The distances between the newest rows and what one discriminator calls normal, along one path of optimisation.
// Hot: index arithmetic and reused buffers; one measurement is one call into the kernels and allocates nothing.
//
// Notation   T rows, C channels, n = T*C inputs, x the observed window, z the optimised one, V views
import type {
  BacktrackingAscent,
  DiscriminatorKernels,
} from '../../engine/discriminator-kernels.ts';
import { removeLevel } from '../window-level.ts';

/** A path through input space: where it starts, how it goes, and how its end is read. */
export interface Path {
  /** Whether x is the window without its level. */
  readonly levelFree: boolean;
  /** Writes the starting point, (T, C), into z. */
  readonly start: (x: Float32Array, z: Float32Array) => void;
  readonly ascent: BacktrackingAscent;
  /** One half-life a view, rows; 0 is the newest row alone. */
  readonly halfLives: readonly number[];
}

export class GonDistances {
  /** (V, C) row-major: mean squared distance of each channel as each view weighs the rows. Valid until the next call. */
  readonly perView: Float64Array;
  /** (C,) newest row of z, at the window's level. Valid until the next call. */
  readonly expected: Float32Array;
  /** T, rows. */
  readonly length: number;
  readonly #kernels: DiscriminatorKernels;
  readonly #path: Path;
  /** (V, T) weights of the rows, each view's add to 1. */
  readonly #weights: readonly Float64Array[];
  /** (C,) what was taken off x. */
  readonly #levels: Float32Array;

  constructor(kernels: DiscriminatorKernels, width: number, path: Path) {
    this.length = kernels.shape.inputs / width;
    this.#kernels = kernels;
    this.#path = path;
    this.#weights = path.halfLives.map((halfLife) => rowWeights(this.length, halfLife));
    this.#levels = new Float32Array(width);
    this.perView = new Float64Array(path.halfLives.length * width);
    this.expected = new Float32Array(width);
  }

  /** Measures the rows of `values`, (>= T, C) row-major, that end before the cell `end`. */
  measure(values: Float32Array, end: number): void {
    const { x, z, shape } = this.#kernels;
    for (let i = 0; i < shape.inputs; i += 1) x[i] = values[end - shape.inputs + i] as number;
    if (this.#path.levelFree) removeLevel(x, this.#levels);
    this.#path.start(x, z);
    if (this.#path.ascent.steps > 0) this.#kernels.ascend(1, this.#path.ascent);
    for (let v = 0; v < this.#weights.length; v += 1) this.#read(v);
    const width = this.expected.length;
    for (let c = 0; c < width; c += 1) {
      this.expected[c] = (z[shape.inputs - width + c] as number) + (this.#levels[c] as number);
    }
  }

  #read(v: number): void {
    const { x, z } = this.#kernels;
    const weights = this.#weights[v] as Float64Array;
    const width = this.expected.length;
    const at = v * width;
    this.perView.fill(0, at, at + width);
    for (let t = 0; t < weights.length; t += 1) {
      const weight = weights[t] as number;
      if (weight === 0) continue;
      for (let c = 0; c < width; c += 1) {
        const d = (x[t * width + c] as number) - (z[t * width + c] as number);
        this.perView[at + c] = (this.perView[at + c] as number) + weight * d * d;
      }
    }
  }
}

function rowWeights(length: number, halfLife: number): Float64Array {
  const weights = Float64Array.from({ length }, (_, t) => {
    const age = length - 1 - t;
    if (halfLife === 0) return age === 0 ? 1 : 0;
    return 0.5 ** (age / halfLife);
  });
  const sum = weights.reduce((a, b) => a + b, 0);
  return weights.map((weight) => weight / sum);
}
