// Collects the readings of one grid row and fills what is missing. It knows nothing of time.
import type { CounterRate } from './counter-rate.ts';

/**
 * Means of the readings since the last row, with the last row's values where a channel has none. The next row's
 * mean starts only when a row was taken, so each reading counts in exactly one row. Of a counter it is the rate instead,
 * from the last reading of each row.
 */
export class RowBuilder {
  readonly #sum: Float64Array;
  readonly #count: Uint32Array;
  readonly #counters: readonly CounterRate[];
  /** (C,) last readings, kept for counters only; NaN = none since the last row. */
  readonly #last: Float64Array;
  /** (C,) the last row, after imputation; NaN = the channel was never read. Borrowed: valid until the next row. */
  readonly values: Float64Array;
  /** (C,) 1 = imputed in the last row. Borrowed like `values`. */
  readonly imputed: Uint8Array;

  constructor(width: number, counters: readonly CounterRate[]) {
    this.#sum = new Float64Array(width);
    this.#count = new Uint32Array(width);
    this.#counters = counters;
    this.#last = new Float64Array(width).fill(Number.NaN);
    this.values = new Float64Array(width).fill(Number.NaN);
    this.imputed = new Uint8Array(width);
  }

  /** Readings that are not finite are none. */
  add(readings: Float64Array): void {
    for (let c = 0; c < readings.length; c++) {
      const reading = readings[c] as number;
      if (!Number.isFinite(reading)) continue;
      this.#sum[c] = (this.#sum[c] as number) + reading;
      this.#count[c] = (this.#count[c] as number) + 1;
    }
    for (const { channel } of this.#counters) {
      const reading = readings[channel] as number;
      if (Number.isFinite(reading)) this.#last[channel] = reading;
    }
  }

  /**
   * Makes the next row of what was added since the last: a channel without a reading keeps its last value.
   * Returns how many cells are imputed.
   */
  take(): number {
    let imputed = 0;
    for (let c = 0; c < this.values.length; c++) {
      const count = this.#count[c] as number;
      if (count > 0) this.values[c] = (this.#sum[c] as number) / count;
      else imputed++;
      this.imputed[c] = count > 0 ? 0 : 1;
    }
    for (const counter of this.#counters) {
      const { channel } = counter;
      this.values[channel] = counter.next(this.#last[channel] as number);
    }
    this.#begin();
    return imputed;
  }

  /** Forgets everything, the last values too. */
  clear(): void {
    this.#begin();
    for (const counter of this.#counters) counter.clear();
    this.values.fill(Number.NaN);
    this.imputed.fill(0);
  }

  #begin(): void {
    this.#sum.fill(0);
    this.#count.fill(0);
    this.#last.fill(Number.NaN);
  }
}
