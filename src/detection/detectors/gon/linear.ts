// The linear member of a GON. Its discriminator is quadratic, D(x) = -|(I - V'V)(x - m)|^2, so the ascent needs no steps:
// one along the gradient, of half its length, ends at the maximum nearest to x, the projection on the span of normal
// windows. A load that only grows stays in the span, where every remembered window is far away. The distance is the Q
// statistic of `pca`.
//
// Notation   n = T*C inputs, K components, m (n,) mean, V (K, n)
import { tensorOf } from '../../../models/discriminator.ts';
import type { Model } from '../../../models/model.ts';
import type { LinearDesign } from './design.ts';
import type { Distances } from './distances.ts';
import { GonViews } from './views.ts';

/** The prefix of its tensors. */
export const LINEAR = 'linear';

export class LinearDistances implements Distances {
  readonly length: number;
  readonly views: GonViews;
  readonly expected: Float32Array;
  readonly #mean: Float32Array;
  /** (K, n) row-major, orthonormal; K is rounded up to fours with rows of 0. */
  readonly #components: Float32Array;
  readonly #x: Float32Array;
  readonly #z: Float32Array;

  /** Throws `WeightsError` when the model lacks its tensors. */
  constructor({ channels, tensors }: Pick<Model, 'channels' | 'tensors'>, design: LinearDesign) {
    const width = channels.length;
    const inputs = design.length * width;
    this.length = design.length;
    this.views = new GonViews(design.length, width, design.halfLives);
    this.expected = new Float32Array(width);
    this.#mean = tensorOf(tensors, `${LINEAR}.mean`, inputs).data;
    const rows = tensorOf(tensors, `${LINEAR}.components`, design.components * inputs).data;
    this.#components = new Float32Array(Math.ceil(design.components / 4) * 4 * inputs);
    this.#components.set(rows);
    this.#x = new Float32Array(inputs);
    this.#z = new Float32Array(inputs);
  }

  measure(values: Float32Array, end: number): void {
    const inputs = this.#x.length;
    for (let i = 0; i < inputs; i += 1) {
      this.#x[i] = (values[end - inputs + i] as number) - (this.#mean[i] as number);
    }
    this.#z.fill(0);
    for (let at = 0; at < this.#components.length; at += 4 * inputs) this.#project(at);
    this.views.read(this.#x, this.#z);
    const width = this.expected.length;
    const newest = inputs - width;
    for (let c = 0; c < width; c += 1) {
      this.expected[c] = (this.#z[newest + c] as number) + (this.#mean[newest + c] as number);
    }
  }

  /** Adds the part of x along the four components from the cell `at` on: four at a time load x once, not four times. */
  #project(at: number): void {
    const [x, z, v, n] = [this.#x, this.#z, this.#components, this.#x.length];
    const [p, q, r, s] = [at, at + n, at + 2 * n, at + 3 * n];
    let [alongP, alongQ, alongR, alongS] = [0, 0, 0, 0];
    for (let i = 0; i < n; i += 1) {
      const cell = x[i] as number;
      alongP += (v[p + i] as number) * cell;
      alongQ += (v[q + i] as number) * cell;
      alongR += (v[r + i] as number) * cell;
      alongS += (v[s + i] as number) * cell;
    }
    for (let i = 0; i < n; i += 1) {
      z[i] =
        (z[i] as number) +
        alongP * (v[p + i] as number) +
        alongQ * (v[q + i] as number) +
        alongR * (v[r + i] as number) +
        alongS * (v[s + i] as number);
    }
  }
}
