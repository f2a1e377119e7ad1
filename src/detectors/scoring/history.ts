// Caches the scores of the newest K rows of a window. In a stream each window repeats all but one row of the window
// before, so all but one score are known. They are reused only if the rows are equal cell by cell, so the result depends
// only on the window. A score may be half the row's own score and half the mean over the newest rows up to it: with a
// single channel, duration separates faults from noise.
import { decay } from './path.ts';
import { emptyRowScore, type PathRows, type RowScore } from './rows.ts';

export class RowHistory {
  readonly #rows: PathRows;
  readonly #width: number;
  /** Ring buffer; the newest row's score is at `#newest`, older ones before it. */
  readonly #scores: readonly RowScore[];
  /** Number of known scores, at most K: the first rows of a window have no score. */
  #known = 0;
  #newest = 0;
  /** Buffers of `newest` and `peak` for scores that include the mean. */
  readonly #mixed: { readonly newest: RowScore; readonly peak: RowScore };
  readonly #previous: Float32Array;
  #previousCells = 0;

  /** `count` is K; windows have at most `length` rows of `width` channels. */
  constructor(rows: PathRows, count: number, { length, width }: { length: number; width: number }) {
    this.#rows = rows;
    this.#width = width;
    this.#scores = Array.from({ length: count }, () => emptyRowScore(width));
    this.#mixed = { newest: emptyRowScore(width), peak: emptyRowScore(width) };
    this.#previous = new Float32Array(length * width);
  }

  /** Scores the rows of `values`; `newest` and `peak` return the results until the next call. */
  update(values: Float32Array): void {
    const possible = values.length / this.#width - this.#rows.leastRows + 1;
    const due = this.#isRepeated(values) ? 1 : Math.min(possible, this.#scores.length);
    for (let age = due - 1; age >= 0; age -= 1) {
      this.#newest = (this.#newest + 1) % this.#scores.length;
      this.#rows.score(values, values.length - age * this.#width, this.#at(0));
    }
    this.#known = Math.min(possible, this.#scores.length);
    this.#previous.set(values);
    this.#previousCells = values.length;
  }

  get newest(): RowScore {
    return this.#scoreAt(0, this.#mixed.newest);
  }

  /** The score that is highest after decay, with scores halved every `halfLife` rows, and its decay factor. */
  peak(halfLife: number): { readonly score: RowScore; readonly share: number } {
    const step = decay(1, halfLife);
    let best = { age: 0, share: 1, left: this.#valueAt(0) };
    let share = 1;
    for (let age = 1; age < this.#known; age += 1) {
      share *= step;
      const left = this.#valueAt(age) * share;
      if (left > best.left) best = { age, share, left };
    }
    return { score: this.#scoreAt(best.age, this.#mixed.peak), share: best.share };
  }

  /** Number of rows in the mean for a row of that age, including the row. */
  #meanRowsAt(age: number): number {
    return Math.min(this.#rows.meanRows, this.#known - age);
  }

  #valueAt(age: number): number {
    const own = this.#at(age).value;
    const count = this.#meanRowsAt(age);
    if (count === 1) return own;
    let sum = 0;
    for (let i = 0; i < count; i += 1) sum += this.#at(age + i).value;
    return (own + sum / count) / 2;
  }

  /** Returns the row's own score, or the score with the mean, written into `into`. */
  #scoreAt(age: number, into: RowScore): RowScore {
    const own = this.#at(age);
    const count = this.#meanRowsAt(age);
    if (count === 1) return own;
    into.value = this.#valueAt(age);
    into.expected.set(own.expected);
    for (let c = 0; c < this.#width; c += 1) {
      let sum = 0;
      for (let i = 0; i < count; i += 1) sum += this.#at(age + i).perChannel[c] as number;
      into.perChannel[c] = ((own.perChannel[c] as number) + sum / count) / 2;
    }
    return into;
  }

  #at(age: number): RowScore {
    const count = this.#scores.length;
    return this.#scores[(this.#newest - age + count) % count] as RowScore;
  }

  /** Whether all rows of `values` except the newest are the newest rows of the previous window. */
  #isRepeated(values: Float32Array): boolean {
    const cells = values.length - this.#width;
    const shift = this.#previousCells - cells;
    if (shift !== 0 && shift !== this.#width) return false;
    for (let i = cells - 1; i >= 0; i -= 1) {
      if (values[i] !== this.#previous[i + shift]) return false;
    }
    return true;
  }
}
