// The joint confidence of the next steps: the greatest joint probability of the heads' most likely tokens.
// Tuli et al. 2024, "DynaMo", sec. 3.2: outer product of the heads, co-occurrence mask, blur, Otsu's threshold.
// Hot: index arithmetic and reused buffers.
//
// Notation   n steps, K tokens, k most likely ones of each step, J (k,)^n joint probability over the box of these
//
// Departs from DynaMo: J is normalised over the box, because the mask is a ratio and J would exceed 1; the blur is between
// neighbouring bins, not between ranks; there is no repetition penalty, because telemetry repeats itself.

interface JointOptions {
  /** k. */
  readonly topK: number;
  readonly blur: boolean;
  readonly otsu: boolean;
}

/** The distributions of one channel: that of step i starts at `from + i * apart` and has K values. */
export interface Steps {
  readonly probabilities: Float32Array;
  readonly from: number;
  readonly apart: number;
}

export class JointBox {
  /** k. */
  readonly side: number;
  /** (n, k) tokens of the last box, ascending. */
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
   * J of the first `count` steps of a channel, in row-major order; adds to 1. The mask (K, K), already raised to alpha,
   * starts at `mask[at]`. Valid until the next call.
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

  /** J of i + 1 steps, not normalised: J of i steps times the next distribution times the mask. */
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

  /** Blurs with [1/4 1/2 1/4] along one axis of the box. */
  #blur(box: Float64Array, axis: number, last: number): void {
    const stride = this.side ** (last - axis);
    for (let block = 0; block < box.length; block += stride * this.side) {
      for (let start = block; start < block + stride; start += 1) {
        this.#blurLine(box, start, stride, axis);
      }
    }
  }

  /** A cell without a neighbouring bin in the box keeps that share. */
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

/** Scales the box to the sum 1; a box of zeros becomes uniform. */
function normalise(box: Float64Array): void {
  let sum = 0;
  for (let i = 0; i < box.length; i += 1) sum += box[i] as number;
  for (let i = 0; i < box.length; i += 1) {
    box[i] = sum > 0 ? (box[i] as number) / sum : 1 / box.length;
  }
}

/** Writes the `count` most probable tokens in ascending order; of equal ones the lower tokens. */
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

/**
 * Otsu 1979, "A threshold selection method from gray-level histograms", on the values instead of a histogram: the least
 * value of the upper of two classes with the greatest variance between them; the least value if all are equal. O(N log N);
 * `values` must not be empty, and `scratch` must be as long.
 */
export function otsuThreshold(values: Float64Array, scratch: Float64Array): number {
  scratch.set(values);
  const ascending = scratch.sort();
  const count = ascending.length;
  let total = 0;
  for (let i = 0; i < count; i += 1) total += ascending[i] as number;
  let threshold = ascending[0] as number;
  let greatest = 0;
  let below = 0;
  for (let cut = 1; cut < count; cut += 1) {
    below += ascending[cut - 1] as number;
    const between = varianceBetween(below, cut, total, count);
    if (between <= greatest || ascending[cut] === ascending[cut - 1]) continue;
    greatest = between;
    threshold = ascending[cut] as number;
  }
  return threshold;
}

/** N^2 times the variance between classes, for a lower class of `cut` values with the sum `below`. */
function varianceBetween(below: number, cut: number, total: number, count: number): number {
  const difference = below / cut - (total - below) / (count - cut);
  return cut * (count - cut) * difference * difference;
}
