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
  /** (K, n) row-major, orthonormal. */
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
    this.#components = tensorOf(tensors, `${LINEAR}.components`, design.components * inputs).data;
    this.#x = new Float32Array(inputs);
    this.#z = new Float32Array(inputs);
  }

  measure(values: Float32Array, end: number): void {
    const [x, z, v, inputs] = [this.#x, this.#z, this.#components, this.#x.length];
    for (let i = 0; i < inputs; i += 1) {
      x[i] = (values[end - inputs + i] as number) - (this.#mean[i] as number);
    }
    z.fill(0);
    for (let at = 0; at < v.length; at += inputs) {
      let along = 0;
      for (let i = 0; i < inputs; i += 1) along += (v[at + i] as number) * (x[i] as number);
      for (let i = 0; i < inputs; i += 1) z[i] = (z[i] as number) + along * (v[at + i] as number);
    }
    this.views.read(x, z);
    const width = this.expected.length;
    const newest = inputs - width;
    for (let c = 0; c < width; c += 1) {
      this.expected[c] = (z[newest + c] as number) + (this.#mean[newest + c] as number);
    }
  }
}
