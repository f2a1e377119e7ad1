// Heads that output a mean and a variance for each step. The confidence of n steps is the probability that all errors are
// within a tolerance. The correlation of the errors, a Gaussian copula, replaces the co-occurrence mask of tokens; blur and
// Otsu's threshold do not apply.
//
// Notation   n steps, C channels, s standard deviation, R correlation of the errors of a channel, (n, n)
import { cholesky } from '../../engine/linear-algebra/cholesky.ts';
import { dense } from '../../engine/linear-algebra/dense.ts';
import { tensorOf } from '../../models/discriminator.ts';
import type { Model } from '../../models/model.ts';
import { DYNAMO, type GaussianDesign, type Spread } from './design.ts';

/** Outputs of the heads, (n, C) each. */
interface GaussianSteps {
  /** (C,) means of a step. */
  readonly meansOf: (step: number) => Float32Array;
  readonly logVariances: Float32Array;
}

const LN_ROOT_TAU = Math.log(2 * Math.PI) / 2;
/** Least probability: 0 would outweigh all other channels. */
const LEAST_PROBABILITY = 1e-12;

export class GaussianSpread implements Spread {
  /** z^2 / 2 of a channel: log ratio of the densities at its mean and at its value. Unlike a log density it has no unit. */
  surprisal = 0;
  meanSurprisal = 0;
  readonly #steps: GaussianSteps;
  readonly #tolerance: number;
  readonly #correlations: readonly Correlated[];
  readonly #limits: Float64Array;

  /** Throws `WeightsError` if the model lacks the correlations. */
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

// The probability that correlated normal variables are all within their limits: quadrature over all but the last, which
// has a closed form. The sequential conditioning is that of Genz 1992, "Numerical computation of multivariate normal
// probabilities".
//
// Notation   n numbers, standard normal each, correlation R = L L', a_i the limits: |x_i| <= a_i

/** Gauss-Legendre nodes per dimension. */
const NODES = 8;
/** Integration limit: 7 in a million values are beyond. */
const FARTHEST = 4.5;
const { places, weights } = gaussLegendre(NODES);

interface Correlated {
  /** n of L. */
  readonly size: number;
  /** L, (n, n) row-major. */
  readonly lower: Float64Array;
}

/** P(|x_i| <= a_i for the first `count`), 0 to 1. Cost: 8^(count - 1). Exact to some 1e-4 for correlations up to 0.9. */
export function probabilityWithin(
  limits: ArrayLike<number>,
  { size, lower }: Correlated,
  count: number,
): number {
  const x = new Float64Array(count);

  const within = (i: number): number => {
    let centre = 0;
    for (let j = 0; j < i; j += 1) centre += (lower[i * size + j] as number) * (x[j] as number);
    const scale = lower[i * size + i] as number;
    const limit = limits[i] as number;
    const from = (-limit - centre) / scale;
    const to = (limit - centre) / scale;
    if (i === count - 1) return Math.max(0, distribution(to) - distribution(from));
    return integral(i, Math.max(-FARTHEST, from), Math.min(FARTHEST, to));
  };

  const integral = (i: number, from: number, to: number): number => {
    // By symmetry the first variable needs only its positive half.
    const begin = i === 0 ? 0 : from;
    if (to <= begin) return 0;
    let sum = 0;
    for (let node = 0; node < NODES; node += 1) {
      const z = begin + (to - begin) * (places[node] as number);
      x[i] = z;
      sum += (weights[node] as number) * Math.exp((-z * z) / 2) * within(i + 1);
    }
    const half = (sum * (to - begin)) / Math.sqrt(2 * Math.PI);
    return i === 0 ? 2 * half : half;
  };
  return Math.min(1, within(0));
}

/** Phi to 8e-8: Abramowitz and Stegun 1964, 7.1.26. The function of the kernels is exact, but sums up to 120 terms. */
function distribution(x: number): number {
  const z = Math.abs(x) * Math.SQRT1_2;
  const t = 1 / (1 + 0.3275911 * z);
  const polynomial =
    t *
    (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  const tail = (polynomial * Math.exp(-z * z)) / 2;
  return x > 0 ? 1 - tail : tail;
}

/** Nodes and weights on [0, 1]: roots of the Legendre polynomial by Newton's method. */
function gaussLegendre(count: number): { places: Float64Array; weights: Float64Array } {
  const places = new Float64Array(count);
  const weights = new Float64Array(count);
  for (let i = 0; i < count; i += 1) {
    let x = Math.cos((Math.PI * (i + 0.75)) / (count + 0.5));
    let slope = 0;
    for (let round = 0; round < 20; round += 1) {
      let [p, before] = [1, 0];
      for (let k = 1; k <= count; k += 1) {
        [p, before] = [((2 * k - 1) * x * p - (k - 1) * before) / k, p];
      }
      slope = (count * (x * p - before)) / (x * x - 1);
      x -= p / slope;
    }
    places[i] = (1 - x) / 2;
    weights[i] = 1 / ((1 - x * x) * slope * slope);
  }
  return { places, weights };
}
