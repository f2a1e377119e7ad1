// Heads that give each step a mean and a variance: they are sure of n steps if all are likely to keep within a
// tolerance. The correlation of their errors, a Gaussian copula, is what the co-occurrence mask is to tokens; there is no
// box of tokens to blur or to cut with Otsu's threshold.
//
// Notation   n steps, C channels, s standard deviation, R correlation of the errors of a channel, (n, n)
import { cholesky } from '../../engine/linear-algebra/cholesky.ts';
import { dense } from '../../engine/linear-algebra/dense.ts';
import { tensorOf } from '../../models/discriminator.ts';
import type { Model } from '../../models/model.ts';
import { DYNAMO, type GaussianDesign } from './design.ts';
import { type Correlated, probabilityWithin } from './rectangle.ts';
import type { Spread } from './spread.ts';

/** What the heads wrote, (n, C) each. */
export interface GaussianSteps {
  /** Writes the means of a step into (C,). */
  readonly meansOf: (step: number) => Float32Array;
  readonly logVariances: Float32Array;
}

const LN_ROOT_TAU = Math.log(2 * Math.PI) / 2;
/** A probability of 0 would outweigh all other channels. */
const LEAST_PROBABILITY = 1e-12;

export class GaussianSpread implements Spread {
  /** Of a channel: z^2 / 2, how much less likely its value is than its mean. Unlike that of a density it has no unit. */
  surprisal = 0;
  meanSurprisal = 0;
  readonly #steps: GaussianSteps;
  readonly #tolerance: number;
  readonly #correlations: readonly Correlated[];
  readonly #limits: Float64Array;

  /** Throws `WeightsError` when the model lacks the correlations. */
  constructor(
    steps: GaussianSteps,
    heads: number,
    { tolerance }: GaussianDesign,
    { channels, tensors }: Pick<Model, 'channels' | 'tensors'>,
  ) {
    const cells = channels.length * heads ** 2;
    const matrices = tensorOf(tensors, `${DYNAMO}.correlations`, cells).data;
    this.#steps = steps;
    this.#tolerance = tolerance;
    this.#limits = new Float64Array(heads);
    this.#correlations = channels.map((_, c) => {
      const own = matrices.subarray(c * heads ** 2, (c + 1) * heads ** 2);
      const { lower } = cholesky(dense(heads, heads, Float64Array.from(own)));
      return { size: heads, lower: lower.values };
    });
  }

  confidence(steps: number): number {
    const width = this.#correlations.length;
    let sum = 0;
    for (let c = 0; c < width; c += 1) {
      for (let i = 0; i < steps; i += 1) {
        this.#limits[i] = this.#tolerance / this.#deviation(i, c, width);
      }
      const p = probabilityWithin(this.#limits, this.#correlations[c] as Correlated, steps);
      sum += Math.log(Math.max(p, LEAST_PROBABILITY));
    }
    return Math.exp(sum / width);
  }

  compare(row: Float32Array, step: number): void {
    let [greatest, sum] = [0, 0];
    const width = row.length;
    const means = this.#steps.meansOf(step);
    for (let c = 0; c < width; c += 1) {
      const s = this.#deviation(step, c, width);
      const z = ((row[c] as number) - (means[c] as number)) / s;
      greatest = Math.max(greatest, (z * z) / 2);
      sum += (z * z) / 2 + Math.log(s) + LN_ROOT_TAU;
    }
    this.surprisal = greatest;
    this.meanSurprisal = sum / width;
  }

  #deviation(step: number, c: number, width: number): number {
    return Math.exp((this.#steps.logVariances[step * width + c] as number) / 2);
  }
}
