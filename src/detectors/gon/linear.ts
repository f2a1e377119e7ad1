// The linear member of a GON. Its discriminator is quadratic, D(x) = -|(I - V'V)(x - m)|^2, so a single gradient step of
// half the gradient's length ends at the maximum nearest to x: the projection on the span of normal windows. A growing
// load stays in the span even where every remembered window is far away. The distance is the Q statistic of `pca`. The
// span of single rows is a linear member too; only its magnitude contributes to the score.
//
// Notation   n = T*C inputs, K components, m (n,) mean, V (K, n)
import type { Kernels } from '../../engine/discriminator-kernels.ts';
import { linear } from '../../engine/ops/linear.ts';
import { Tape } from '../../engine/tape/tape.ts';
import { tensorOf } from '../../models/discriminator.ts';
import type { Model } from '../../models/model.ts';
import { type Distances, RowViews } from '../scoring/path.ts';
import type { LinearDesign } from './design.ts';
import { copyClipped } from './distances.ts';

/** Tensor prefixes of the linear member and of the span of single rows. */
export const LINEAR = 'linear';
export const ROW_SPAN = 'row';

/** Prefix of the tensors, and clip limit of the values. */
export interface LinearPlace {
  readonly prefix: string;
  readonly clip?: number | undefined;
}

export class LinearDistances implements Distances {
  readonly length: number;
  readonly views: RowViews;
  readonly expected: Float32Array;
  readonly #mean: Float32Array;
  readonly #clip: number | undefined;
  readonly #projection: Projection;

  /** Throws `WeightsError` if the model lacks its tensors. */
  constructor(
    { channels, tensors }: Pick<Model, 'channels' | 'tensors'>,
    { length, components, halfLives }: Omit<LinearDesign, 'weight'>,
    kernels: Kernels,
    { prefix, clip }: LinearPlace = { prefix: LINEAR },
  ) {
    const width = channels.length;
    const inputs = length * width;
    this.length = length;
    this.#clip = clip;
    this.views = new RowViews(length, width, halfLives);
    this.expected = new Float32Array(width);
    this.#mean = tensorOf(tensors, `${prefix}.mean`, inputs).data;
    const { data } = tensorOf(tensors, `${prefix}.components`, components * inputs);
    this.#projection = projectionOn(data, components, kernels);
  }

  measure(values: Float32Array, end: number): void {
    const { x, z, run } = this.#projection;
    const inputs = x.length;
    copyClipped(values.subarray(end - inputs, end), x, this.#clip);
    for (let i = 0; i < inputs; i += 1) x[i] = (x[i] as number) - (this.#mean[i] as number);
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
