// The linear member of a GON. Its discriminator is quadratic, D(x) = -|(I - V'V)(x - m)|^2, so the ascent needs no steps:
// one along the gradient, of half its length, ends at the maximum nearest to x, the projection on the span of normal
// windows. A load that only grows stays in the span, where every remembered window is far away. The distance is the Q
// statistic of `pca`.
//
// Notation   n = T*C inputs, K components, m (n,) mean, V (K, n)
import type { Kernels } from '../../../engine/discriminator-kernels.ts';
import { linear } from '../../../engine/ops/linear.ts';
import { Tape } from '../../../engine/tape/tape.ts';
import { tensorOf } from '../../../models/discriminator.ts';
import type { Model } from '../../../models/model.ts';
import type { Distances } from '../scoring/distances.ts';
import { RowViews } from '../scoring/views.ts';
import type { LinearDesign } from './design.ts';

/** The prefix of its tensors. */
export const LINEAR = 'linear';

export class LinearDistances implements Distances {
  readonly length: number;
  readonly views: RowViews;
  readonly expected: Float32Array;
  readonly #mean: Float32Array;
  readonly #projection: Projection;

  /** Throws `WeightsError` when the model lacks its tensors. */
  constructor(
    { channels, tensors }: Pick<Model, 'channels' | 'tensors'>,
    { length, components, halfLives }: LinearDesign,
    kernels: Kernels,
  ) {
    const width = channels.length;
    const inputs = length * width;
    this.length = length;
    this.views = new RowViews(length, width, halfLives);
    this.expected = new Float32Array(width);
    this.#mean = tensorOf(tensors, `${LINEAR}.mean`, inputs).data;
    const { data } = tensorOf(tensors, `${LINEAR}.components`, components * inputs);
    this.#projection = projectionOn(data, components, kernels);
  }

  measure(values: Float32Array, end: number): void {
    const { x, z, run } = this.#projection;
    const inputs = x.length;
    for (let i = 0; i < inputs; i += 1) {
      x[i] = (values[end - inputs + i] as number) - (this.#mean[i] as number);
    }
    run();
    this.views.read(x, z);
    const width = this.expected.length;
    const newest = inputs - width;
    for (let c = 0; c < width; c += 1) {
      this.expected[c] = (z[newest + c] as number) + (this.#mean[newest + c] as number);
    }
  }
}

/** z = V'V x, both (n,). */
interface Projection {
  readonly x: Float32Array;
  readonly z: Float32Array;
  readonly run: () => void;
}

function projectionOn(rows: Float32Array, components: number, kernels: Kernels): Projection {
  const inputs = rows.length / components;
  const across = Float32Array.from(rows, (_, i) => {
    return rows[(i % components) * inputs + Math.floor(i / components)] as number;
  });
  const tape = new Tape();
  const x = tape.input([1, inputs]);
  const along = linear(tape, x, tape.constant([inputs, components], across));
  const z = linear(tape, along, tape.constant([components, inputs], rows));
  const program = kernels.compile(tape, { outputs: [z] });
  return { x: program.valuesOf(x), z: program.valuesOf(z), run: program.forward };
}
