// How sure the heads are of the next steps together: the greatest joint probability of their likeliest tokens.
// Tuli et al. 2024, "DynaMo", sec. 3.2: outer product of the heads, co-occurrence mask, blur, Otsu's threshold.
// Hot: index arithmetic and reused buffers.
//
// Notation   n steps, K tokens, k likeliest of each step, J (k,)^n joint probability over the box of these
//
// Departs from DynaMo: J is normalised over the box, because the mask is a ratio and J would exceed 1; it is blurred
// along the values of neighbouring bins, not along ranks; repeats are not punished, for telemetry repeats itself.
import { otsuThreshold } from './otsu.ts';

export interface JointOptions {
  /** k. */
  readonly topK: number;
  readonly blur: boolean;
  readonly otsu: boolean;
}

/** Where the distributions of one channel lie: step i at `from + i * apart`, K long. */
export interface Steps {
  readonly probabilities: Float32Array;
  readonly from: number;
  readonly apart: number;
}

export class JointBox {
  /** k. */
  readonly side: number;
  /** (n, k) tokens of the box that was read last, ascending. */
  readonly tokens: Int32Array;
  readonly #kinds: number;
  readonly #options: JointOptions;
  /** J of 1, 2, ... n steps. */
  readonly #boxes: readonly Float64Array[];
  readonly #scratch: Float64Array;

  constructor(steps: number, kinds: number, options: JointOptions) {
    this.side = Math.min(options.topK, kinds);
    this.tokens = new Int32Array(steps * this.side);
    this.#kinds = kinds;
    this.#options = options;
    this.#boxes = Array.from({ length: steps }, (_, i) => new Float64Array(this.side ** (i + 1)));
    this.#scratch = new Float64Array(this.side ** steps);
  }

  /**
   * J of the first `count` steps of a channel, first step slowest: adds to 1. The mask (K, K), to the power with which it
   * counts, is from `mask[at]` on. Borrowed until the next call.
   */
  read(
    { probabilities, from, apart }: Steps,
    mask: Float32Array,
    at: number,
    count: number,
  ): Float64Array {
    for (let i = 0; i < count; i += 1) {
      const begin = from + i * apart;
      likeliest(probabilities, begin, this.#kinds, this.tokens, i * this.side, this.side);
      if (i === 0) this.#begin(probabilities, begin);
      else this.#extend(i, probabilities, begin, mask, at);
    }
    return this.#cleaned(count - 1);
  }

  #begin(probabilities: Float32Array, begin: number): void {
    const to = this.#boxes[0] as Float64Array;
    for (let j = 0; j < this.side; j += 1) {
      to[j] = probabilities[begin + (this.tokens[j] as number)] as number;
    }
  }

  /** J of i + 1 steps from that of i, not normalised: times the next distribution, times the mask. */
  #extend(
    i: number,
    probabilities: Float32Array,
    begin: number,
    mask: Float32Array,
    at: number,
  ): void {
    const { side, tokens } = this;
    const before = this.#boxes[i - 1] as Float64Array;
    const to = this.#boxes[i] as Float64Array;
    for (let prefix = 0; prefix < before.length; prefix += 1) {
      const last = tokens[(i - 1) * side + (prefix % side)] as number;
      const row = at + last * this.#kinds;
      const p = before[prefix] as number;
      for (let j = 0; j < side; j += 1) {
        const token = tokens[i * side + j] as number;
        to[prefix * side + j] =
          p * (probabilities[begin + token] as number) * (mask[row + token] as number);
      }
    }
  }

  #cleaned(i: number): Float64Array {
    const to = this.#boxes[i] as Float64Array;
    normalise(to);
    if (this.#options.blur) {
      for (let axis = 0; axis <= i; axis += 1) this.#blur(to, axis, i);
    }
    if (!this.#options.otsu) return to;
    const threshold = otsuThreshold(to, this.#scratch.subarray(0, to.length));
    for (let cell = 0; cell < to.length; cell += 1) {
      if ((to[cell] as number) < threshold) to[cell] = 0;
    }
    normalise(to);
    return to;
  }

  /** [1/4 1/2 1/4] along one axis of the box of so many steps. */
  #blur(box: Float64Array, axis: number, last: number): void {
    const stride = this.side ** (last - axis);
    for (let block = 0; block < box.length; block += stride * this.side) {
      for (let start = block; start < block + stride; start += 1) {
        this.#blurLine(box, start, stride, axis);
      }
    }
  }

  /** What has no neighbouring bin in the box keeps that share to itself. */
  #blurLine(box: Float64Array, start: number, stride: number, axis: number): void {
    const end = start + this.side * stride;
    let before = Number.NaN;
    let isBeside = false;
    for (let at = start, i = axis * this.side; at < end; at += stride, i += 1) {
      const own = box[at] as number;
      const left = isBeside ? before : own;
      isBeside = at + stride < end && this.tokens[i + 1] === (this.tokens[i] as number) + 1;
      const right = isBeside ? (box[at + stride] as number) : own;
      before = own;
      box[at] = own / 2 + (left + right) / 4;
    }
  }
}

/** Adds to 1; all alike where there is nothing. */
function normalise(box: Float64Array): void {
  let sum = 0;
  for (let i = 0; i < box.length; i += 1) sum += box[i] as number;
  for (let i = 0; i < box.length; i += 1) {
    box[i] = sum > 0 ? (box[i] as number) / sum : 1 / box.length;
  }
}

/** Writes the `count` tokens of greatest probability in ascending order; the lower of equals first. */
function likeliest(
  probabilities: Float32Array,
  begin: number,
  kinds: number,
  into: Int32Array,
  to: number,
  count: number,
): void {
  let found = 0;
  for (let token = 0; token < kinds; token += 1) {
    const p = probabilities[begin + token] as number;
    let place = found;
    while (place > 0 && (probabilities[begin + (into[to + place - 1] as number)] as number) < p) {
      if (place < count) into[to + place] = into[to + place - 1] as number;
      place -= 1;
    }
    if (place < count) into[to + place] = token;
    found = Math.min(count, found + 1);
  }
  into.subarray(to, to + count).sort();
}
