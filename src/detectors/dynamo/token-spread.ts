// Heads that output a probability for each token. Tokens are bins of equal width between two quantiles of the training
// values, and one further bin on either side. Hot: index arithmetic and reused buffers.
//
// Notation   n steps, C channels, V bins, K = V + 2 tokens: 0 is below the bins, V + 1 above them

import { type Numbers, quantileOfSorted, sorted } from '../../engine/statistics.ts';
import { tensorOf } from '../../models/discriminator.ts';
import type { Model } from '../../models/model.ts';
import { DYNAMO, type Spread, type TokenDesign } from './design.ts';
import { JointBox, type Steps } from './joint.ts';

export class TokenSpread implements Spread {
  surprisal = 0;
  meanSurprisal = 0;
  /** (n, C, K), written by the heads. */
  readonly #probabilities: Float32Array;
  readonly #design: TokenDesign;
  readonly #bins: readonly Bins[];
  readonly #kinds: number;
  /** (C, K, K) co-occurrence ratios, raised to alpha. */
  readonly #mask: Float32Array;
  readonly #box: JointBox;

  /** Throws `WeightsError` if the model lacks bins or co-occurrences. */
  constructor(
    probabilities: Float32Array,
    heads: number,
    design: TokenDesign,
    { channels, tensors }: Pick<Model, 'channels' | 'tensors'>,
  ) {
    const width = channels.length;
    this.#probabilities = probabilities;
    this.#design = design;
    this.#bins = binsFrom(tensorOf(tensors, `${DYNAMO}.bins`, 2 * width).data, design.bins);
    this.#kinds = tokensOf({ count: design.bins });
    const cells = width * this.#kinds ** 2;
    const ratios = tensorOf(tensors, `${DYNAMO}.cooccurrence`, cells).data;
    this.#mask = ratios.map((ratio) => ratio ** design.alpha);
    this.#box = new JointBox(heads, this.#kinds, design);
  }

  confidence(steps: number): number {
    const width = this.#bins.length;
    const apart = width * this.#kinds;
    let sum = 0;
    for (let c = 0; c < width; c += 1) {
      const own = { probabilities: this.#probabilities, from: c * this.#kinds, apart };
      sum +=
        this.#design.confidence === 'joint' ? this.#joint(own, c, steps) : this.#top(own, steps);
    }
    return Math.exp(sum / width);
  }

  compare(row: Float32Array, step: number): void {
    let [greatest, sum] = [0, 0];
    const width = row.length;
    for (let c = 0; c < width; c += 1) {
      const token = tokenOf(row[c] as number, this.#bins[c] as Bins);
      const at = (step * width + c) * this.#kinds + token;
      const surprisal = surprisalOf(this.#probabilities[at] as number);
      greatest = Math.max(greatest, surprisal);
      sum += surprisal;
    }
    this.surprisal = greatest;
    this.meanSurprisal = sum / width;
  }

  /** Log of the greatest joint probability. */
  #joint(own: Steps, c: number, steps: number): number {
    const box = this.#box.read(own, this.#mask, c * this.#kinds ** 2, steps);
    return Math.log(greatestOf(box, 0, box.length));
  }

  /** Log of the product of the greatest probabilities. */
  #top({ probabilities, from, apart }: Steps, steps: number): number {
    let sum = 0;
    for (let i = 0; i < steps; i += 1) {
      sum += Math.log(greatestOf(probabilities, from + i * apart, this.#kinds));
    }
    return sum;
  }
}

/** Bins from their bounds, (C, 2). */
export function binsFrom(bounds: Float32Array, count: number): readonly Bins[] {
  return Array.from({ length: bounds.length / 2 }, (_, c) => ({
    low: bounds[2 * c] as number,
    high: bounds[2 * c + 1] as number,
    count,
  }));
}

function greatestOf(values: Float32Array | Float64Array, from: number, count: number): number {
  let greatest = 0;
  for (let i = from; i < from + count; i += 1) greatest = Math.max(greatest, values[i] as number);
  return greatest;
}

/** The bins of one channel. */
export interface Bins {
  readonly low: number;
  readonly high: number;
  /** V. */
  readonly count: number;
}

/** Share of the training values below the bins, and above them. */
const OUTSIDE = 0.005;
/** Least width of all bins together, in spreads of the training data, for constant channels. */
const LEAST_WIDTH = 0.1;
/** Least probability, which limits the surprisal. */
const LEAST_PROBABILITY = 1e-9;

export function tokensOf({ count }: Pick<Bins, 'count'>): number {
  return count + 2;
}

export function fitBins(values: Numbers, count: number): Bins {
  const ascending = sorted(values);
  const low = quantileOfSorted(ascending, OUTSIDE);
  const high = quantileOfSorted(ascending, 1 - OUTSIDE);
  const missing = Math.max(0, LEAST_WIDTH - (high - low)) / 2;
  return { low: low - missing, high: high + missing, count };
}

export function tokenOf(value: number, { low, high, count }: Bins): number {
  if (value < low) return 0;
  if (value >= high) return count + 1;
  return 1 + Math.min(count - 1, Math.floor(((value - low) / (high - low)) * count));
}

/** -ln of the probability of a token, nats. */
export function surprisalOf(probability: number): number {
  return -Math.log(Math.max(probability, LEAST_PROBABILITY));
}
