// The scores of the newest rows of a window, K at most. In a stream each window repeats all but one row of the one
// before, so all but one are known already; they are taken over only if the rows are equal cell by cell, so the result
// depends on the window alone and the memory only on the cost.
import { emptyRowScore, type PathRows, type RowScore } from './rows.ts';

export class RowHistory {
  readonly #rows: PathRows;
  readonly #width: number;
  /** A ring; the newest row's score is at `#newest`, older ones before it. */
  readonly #scores: readonly RowScore[];
  /** Scores known, K at most: rows too early in the window cannot be scored. */
  #known = 0;
  #newest = 0;
  readonly #previous: Float32Array;
  #previousCells = 0;

  /** `count` is K; windows have at most `length` rows of `width` channels. */
  constructor(rows: PathRows, count: number, { length, width }: { length: number; width: number }) {
    this.#rows = rows;
    this.#width = width;
    this.#scores = Array.from({ length: count }, () => emptyRowScore(width));
    this.#previous = new Float32Array(length * width);
  }

  /** Scores the rows of `values`; the results stand in `newest` and `peak` until the next call. */
  update(values: Float32Array): void {
    const possible = values.length / this.#width - this.#rows.leastRows + 1;
    const due = this.#isRepeated(values) ? 1 : Math.min(possible, this.#scores.length);
    for (let age = due - 1; age >= 0; age -= 1) {
      this.#newest = (this.#newest + 1) % this.#scores.length;
      this.#rows.score(values, values.length - age * this.#width, this.newest);
    }
    this.#known = Math.min(possible, this.#scores.length);
    this.#previous.set(values);
    this.#previousCells = values.length;
  }

  get newest(): RowScore {
    return this.#at(0);
  }

  /** The score of which most is left when scores halve every `halfLife` rows, and the share that is left. */
  peak(halfLife: number): { readonly score: RowScore; readonly share: number } {
    const step = 0.5 ** (1 / halfLife);
    let best = { score: this.newest, share: 1 };
    let share = 1;
    for (let age = 1; age < this.#known; age += 1) {
      share *= step;
      const score = this.#at(age);
      if (score.value * share > best.score.value * best.share) best = { score, share };
    }
    return best;
  }

  #at(age: number): RowScore {
    const count = this.#scores.length;
    return this.#scores[(this.#newest - age + count) % count] as RowScore;
  }

  /** Whether all rows of `values` but its newest are the newest rows of the previous window, in a stream or its start. */
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
