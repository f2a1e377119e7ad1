// Whether channels that are anomalous have settled at a new level. O(channels) in memory, whatever the time.
//
// Notation   C channels; all arrays (C,), in channel units

/** Periods that an alert must have lasted: with three days they are whole days. The last two of them are compared. */
const PERIODS = 3;
/** Two levels are the same within this share of the normal spread, however steady the channel is. */
const NORMAL_SHARE = 0.5;

/** Mean and spread of each channel in one period. Welford 1962, "Note on a method for calculating corrected sums". */
class Period {
  readonly mean: Float64Array;
  readonly #count: Float64Array;
  readonly #squares: Float64Array;

  constructor(width: number) {
    this.mean = new Float64Array(width);
    this.#count = new Float64Array(width);
    this.#squares = new Float64Array(width);
  }

  add(values: Float64Array): void {
    for (let c = 0; c < this.mean.length; c++) {
      const value = values[c] as number;
      if (!Number.isFinite(value)) continue;
      const count = (this.#count[c] as number) + 1;
      const before = value - (this.mean[c] as number);
      this.#count[c] = count;
      this.mean[c] = (this.mean[c] as number) + before / count;
      this.#squares[c] = (this.#squares[c] as number) + before * (value - (this.mean[c] as number));
    }
  }

  has(c: number): boolean {
    return (this.#count[c] as number) > 0;
  }

  spread(c: number): number {
    return Math.sqrt((this.#squares[c] as number) / Math.max(1, this.#count[c] as number));
  }
}

/**
 * Looks at the end of each period, from the third of the alert on: the channels have settled when their means of the last two periods
 * are no farther apart than they spread within one. A level that creeps on is farther apart than that.
 */
export class Settling {
  readonly #periodMs: number;
  readonly #leastMs: number;
  readonly #scale: readonly number[];
  #endMs: number;
  #ended = 0;
  #last: Period;
  #now: Period;

  /** `scale` is (C,), the normal spread of each channel. Rows are known from `sinceMs` on: a restart forgets the others. */
  constructor(
    afterMs: number,
    { startMs, sinceMs }: { readonly startMs: number; readonly sinceMs: number },
    scale: readonly number[],
  ) {
    this.#periodMs = afterMs / PERIODS;
    this.#leastMs = startMs + afterMs;
    this.#scale = scale;
    this.#endMs = sinceMs + this.#periodMs;
    this.#last = new Period(scale.length);
    this.#now = new Period(scale.length);
  }

  /** Takes a row; whether the channels that count have settled with it. */
  take(timeMs: number, values: Float64Array, counts: (c: number) => boolean): boolean {
    if (timeMs < this.#endMs) {
      this.#now.add(values);
      return false;
    }
    this.#ended += 1;
    this.#endMs = timeMs + this.#periodMs;
    const isTime = timeMs >= this.#leastMs && this.#ended >= 2;
    const settled = isTime && this.#agree(counts);
    this.#last = this.#now;
    this.#now = new Period(this.#scale.length);
    this.#now.add(values);
    return settled;
  }

  /** Mean of a channel in the last period, or since the first row where none has ended; undefined = it was not read. */
  level(c: number): number | undefined {
    return [this.#last, this.#now].find((period) => period.has(c))?.mean[c];
  }

  /** Channels without readings do not count; at least one must have some. */
  #agree(counts: (c: number) => boolean): boolean {
    const places = [...this.#scale.keys()].filter(counts);
    const found = places.filter((c) => this.#last.has(c) && this.#now.has(c));
    return found.length > 0 && found.every((c) => this.#isSame(c));
  }

  #isSame(c: number): boolean {
    const difference = Math.abs((this.#now.mean[c] as number) - (this.#last.mean[c] as number));
    const normal = NORMAL_SHARE * (this.#scale[c] ?? 0);
    return difference <= Math.max(normal, this.#last.spread(c), this.#now.spread(c));
  }
}
