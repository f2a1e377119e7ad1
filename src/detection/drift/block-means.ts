/** The mean of a finished block of time. */
export interface BlockMean {
  /** Number of the block since the epoch. */
  readonly block: number;
  readonly mean: number;
}

/** Means of scores over blocks of time; a block with less than half of its rows has none. */
export class BlockMeans {
  readonly #blockMs: number;
  readonly #least: number;
  #block = Number.NaN;
  #sum = 0;
  #count = 0;

  constructor(blockMs: number, intervalMs: number) {
    this.#blockMs = blockMs;
    this.#least = Math.max(1, Math.floor(blockMs / intervalMs / 2));
  }

  /** The mean of the block before, when the score begins another. */
  push(timeMs: number, score: number): BlockMean | undefined {
    const block = Math.floor(timeMs / this.#blockMs);
    const finished = block === this.#block ? undefined : this.#finish();
    this.#block = block;
    this.#sum += score;
    this.#count += 1;
    return finished;
  }

  #finish(): BlockMean | undefined {
    const enough = this.#count >= this.#least;
    const finished = { block: this.#block, mean: this.#sum / this.#count };
    this.#sum = 0;
    this.#count = 0;
    return enough ? finished : undefined;
  }
}
