/** One row of the grid: (C,) in channel units, NaN = not read. */
export interface Row {
  readonly timeMs: number;
  readonly values: Float32Array;
}

/**
 * The rows of one alert: those before its opening, and at most `most` of those that follow. When more have followed, every
 * second, then every fourth and so on is left.
 */
export class ThinnedRows {
  readonly #before: readonly Row[];
  readonly #most: number;
  #after: Row[] = [];
  #every = 1;
  #followed = 0;
  #lastMs: number;

  constructor(before: readonly Row[], most: number) {
    this.#before = before;
    this.#most = most;
    this.#lastMs = before.at(-1)?.timeMs ?? Number.NEGATIVE_INFINITY;
  }

  add(row: Row): void {
    if (row.timeMs <= this.#lastMs) return; // the clock was set back
    this.#lastMs = row.timeMs;
    if (this.#followed % this.#every === 0) this.#after.push(row);
    this.#followed += 1;
    if (this.#after.length <= this.#most) return;
    this.#every *= 2;
    this.#after = this.#after.filter((_, place) => place % 2 === 0);
  }

  rows(): readonly Row[] {
    return [...this.#before, ...this.#after];
  }
}
