// Collects the readings of one grid row and fills what is missing. It knows nothing of time.

/**
 * Means of the readings since the last row, with the last row's values where a channel has none. The next row's
 * mean starts only when a row was taken, so each reading counts in exactly one row.
 */
export class RowBuilder {
  readonly #sum: Float64Array;
  readonly #count: Uint32Array;
  /** (C,) the last row, after imputation; NaN = the channel was never read. Borrowed: valid until the next row. */
  readonly values: Float64Array;
  /** (C,) 1 = imputed in the last row. Borrowed like `values`. */
  readonly imputed: Uint8Array;

  constructor(width: number) {
    this.#sum = new Float64Array(width);
    this.#count = new Uint32Array(width);
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
    this.#sum.fill(0);
    this.#count.fill(0);
    return imputed;
  }

  /** Forgets everything, the last values too. */
  clear(): void {
    this.#sum.fill(0);
    this.#count.fill(0);
    this.values.fill(Number.NaN);
    this.imputed.fill(0);
  }
}
