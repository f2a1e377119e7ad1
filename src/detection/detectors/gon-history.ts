// The scores of the newest K rows of a window. In a stream each window repeats all but one row of the one before, so
// K - 1 of them are known already; they are taken over only if the rows are equal cell by cell, so the result depends
// on the window alone and the memory only on the cost.
import { emptyRowScore, type GonRows, type RowScore } from './gon-rows.ts';

export class GonHistory {
  readonly #rows: GonRows;
  readonly #width: number;
  /** A ring; the newest row's score is at `#newest`, older ones before it. */
  readonly #scores: readonly RowScore[];
  readonly #previous: Float32Array;
  #newest = 0;
  #filled = false;

  /** `count` is K; windows have `rows.length` + K - 1 rows. */
  constructor(rows: GonRows, count: number, width: number) {
    this.#rows = rows;
    this.#width = width;
    this.#scores = Array.from({ length: count }, () => emptyRowScore(width));
    this.#previous = new Float32Array((rows.length + count - 1) * width);
  }

  /** Scores the rows of `values`; the results stand in `newest` and `peak` until the next call. */
  update(values: Float32Array): void {
    const count = this.#scores.length;
    if (this.#filled && this.#follows(values, 0)) return;
    if (this.#filled && this.#follows(values, this.#width)) {
      this.#newest = (this.#newest + 1) % count;
      this.#rows.score(values, values.length, this.newest);
    } else {
      for (let age = count - 1; age >= 0; age -= 1) {
        this.#newest = (this.#newest + 1) % count;
        this.#rows.score(values, values.length - age * this.#width, this.newest);
      }
    }
    this.#previous.set(values);
    this.#filled = true;
  }

  get newest(): RowScore {
    return this.#scores[this.#newest] as RowScore;
  }

  /** The highest of the K scores, the latest of equal ones. */
  get peak(): RowScore {
    const count = this.#scores.length;
    let peak = this.newest;
    for (let age = 1; age < count; age += 1) {
      const score = this.#scores[(this.#newest - age + count) % count] as RowScore;
      if (score.value > peak.value) peak = score;
    }
    return peak;
  }

  /** Whether `values` repeats the previous window from its cell `shift` on. */
  #follows(values: Float32Array, shift: number): boolean {
    for (let i = values.length - shift - 1; i >= 0; i -= 1) {
      if (values[i] !== this.#previous[i + shift]) return false;
    }
    return true;
  }
}
