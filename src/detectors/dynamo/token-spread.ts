// Heads that give each token a probability. Hot: index arithmetic and reused buffers.
//
// Notation   n steps, C channels, K tokens
import { tensorOf } from '../../models/discriminator.ts';
import type { Model } from '../../models/model.ts';
import { DYNAMO, type TokenDesign } from './design.ts';
import { JointBox, type Steps } from './joint.ts';
import type { Spread } from './spread.ts';
import { type Bins, surprisalOf, tokenOf, tokensOf } from './tokens.ts';

export class TokenSpread implements Spread {
  surprisal = 0;
  meanSurprisal = 0;
  /** (n, C, K), written by the heads. */
  readonly #probabilities: Float32Array;
  readonly #design: TokenDesign;
  readonly #bins: readonly Bins[];
  readonly #kinds: number;
  /** (C, K, K), to its power. */
  readonly #mask: Float32Array;
  readonly #box: JointBox;

  /** Throws `WeightsError` when the model lacks bins or co-occurrences. */
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

  /** Logarithm, as is the next. */
  #joint(own: Steps, c: number, steps: number): number {
    const box = this.#box.read(own, this.#mask, c * this.#kinds ** 2, steps);
    return Math.log(greatestOf(box, 0, box.length));
  }

  #top({ probabilities, from, apart }: Steps, steps: number): number {
    let sum = 0;
    for (let i = 0; i < steps; i += 1) {
      sum += Math.log(greatestOf(probabilities, from + i * apart, this.#kinds));
    }
    return sum;
  }
}

/** From their bounds, (C, 2). */
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
