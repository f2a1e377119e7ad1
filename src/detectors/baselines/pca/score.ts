// Principal components of normal windows: the residual (Q), or the distance along the components (T2).
//
// Notation   D = T C cells of a window, K components, y (D,) window minus mean, V (K, D) components, lambda (K,)
//   t = V y (K,),  Q = |y - V' t|^2,  T2 = sum t_k^2 / lambda_k = |V' lambda^(-1/2) t|^2
import { z } from 'zod';
import type { Detector, Score } from '../../../core/detector.ts';
import type { Window } from '../../../core/window.ts';
import type { Model } from '../../../models/model.ts';
import { type DetectorPlugin, readDesign, requireShape, tensorOf } from '../../detector-plugin.ts';

const design = z.object({
  statistic: z.enum(['q', 't2']),
  components: z.int().nonnegative(),
});

/**
 * Jackson and Mudholkar 1979, "Control procedures for residuals associated with principal component analysis", on rows
 * (T = 1) or whole windows. Attribution of Q is the squared residual of each cell; that of T2 its complete
 * decomposition, Alcala and Qin 2009, "Reconstruction-based contribution for process monitoring". Cost 4 K D.
 */
export const pca: DetectorPlugin = {
  kind: 'pca',
  summary: 'principal components: residual (Q) or distance along them (T2)',
  load: (model) => new PcaDetector(model),
};

class PcaDetector implements Detector {
  readonly kind = 'pca';
  readonly windowLength: number;
  readonly #model: Model;
  readonly #mean: Float32Array;
  readonly #components: readonly Float32Array[];
  /** (K,) factors on t before it is transformed back to cells: 1 for Q, lambda^(-1/2) for T2. */
  readonly #weights: Float64Array;
  readonly #isResidual: boolean;

  constructor(model: Model) {
    const { statistic, components: k } = readDesign(design, model);
    const cells = model.windowLength * model.channels.length;
    const v = tensorOf(model, 'components', [k, cells]);
    const lambda = tensorOf(model, 'variances', [k]);
    this.#model = model;
    this.windowLength = model.windowLength;
    this.#mean = tensorOf(model, 'mean', [cells]);
    this.#components = Array.from({ length: k }, (_, i) => v.subarray(i * cells, (i + 1) * cells));
    this.#isResidual = statistic === 'q';
    this.#weights = Float64Array.from(lambda, (value) => (this.#isResidual ? 1 : value ** -0.5));
  }

  score(window: Window): Score {
    requireShape(window, this.#model);
    const { width } = window;
    const y = Float64Array.from(window.values, (value, i) => value - (this.#mean[i] as number));
    const explained = new Float64Array(y.length);
    const weighted = this.#isResidual ? explained : new Float64Array(y.length);
    this.#components.forEach((component, k) => {
      const t = dot(component, y);
      addScaled(explained, component, t);
      if (!this.#isResidual) addScaled(weighted, component, t * (this.#weights[k] as number));
    });
    const perChannel = new Float32Array(width);
    let value = 0;
    for (let i = 0; i < y.length; i++) {
      const part = this.#isResidual
        ? (y[i] as number) - (explained[i] as number)
        : (weighted[i] as number);
      value += part * part;
      perChannel[i % width] = (perChannel[i % width] as number) + part * part;
    }
    const last = y.length - width;
    const expected = perChannel.map(
      (_, c) => (explained[last + c] as number) + (this.#mean[last + c] as number),
    );
    return { value, perChannel, expected };
  }
}

function dot(a: Float32Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
}

function addScaled(into: Float64Array, component: Float32Array, factor: number): void {
  for (let i = 0; i < into.length; i++) {
    into[i] = (into[i] as number) + (component[i] as number) * factor;
  }
}
