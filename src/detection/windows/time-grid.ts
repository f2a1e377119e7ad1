// Puts irregular samples on a regular grid, for live windows and training rows alike.
import { ShapeError } from '../../core/errors.ts';
import type { ChannelRate } from '../../models/model.ts';
import { CounterRate } from './counter-rate.ts';
import type { GapOptions } from './window-options.ts';

/**
 * The grid is anchored at the first sample, row k is at `anchor + k * intervalMs`, and a sample belongs to the
 * nearest row. The first sample of a row completes it, so a regular stream is never delayed; further samples of the
 * same row count in the next one. A row is the mean of all readings since the row before, which aliases less than
 * the last reading; channels of `rates` get the rate at which they grow.
 *
 * Up to `maxGap` missing rows hold the last values. A longer gap, or a clock set back by more than `maxClockJumpMs`
 * (and a row), restarts the grid. Samples older than the last row are late and dropped, and so are exact repeats and
 * samples without any reading. Memory: four numbers per channel, a dozen per counter.
 *
 * Use: `for (let n = grid.push(t, v); n > 0; n--) { grid.advance(); read timeMs, values, imputed }`.
 */
export class TimeGrid {
  readonly #row: RowBuilder;
  readonly #intervalMs: number;
  readonly #options: Pick<GapOptions, 'maxGap' | 'maxClockJumpMs'>;
  readonly #lastReadings: Float64Array;
  #anchorMs = Number.NaN;
  #newestMs = Number.NaN;
  #index = 0;
  #due = 0;
  #restarted = false;
  #imputedCells = 0;

  constructor(
    width: number,
    intervalMs: number,
    options: Pick<GapOptions, 'maxGap' | 'maxClockJumpMs'>,
    rates: readonly ChannelRate[] = [],
  ) {
    this.#row = new RowBuilder(
      width,
      rates.map((rate) => new CounterRate(rate, intervalMs)),
    );
    this.#intervalMs = intervalMs;
    this.#options = options;
    this.#lastReadings = new Float64Array(width);
  }

  /** Time of the row that `advance` made, Unix milliseconds. */
  get timeMs(): number {
    return this.#anchorMs + this.#index * this.#intervalMs;
  }

  /**
   * (C,) the row in channel units, or those of rates, after imputation; NaN = never read. Borrowed until the next
   * `advance` or `push`.
   */
  get values(): Float64Array {
    return this.#row.values;
  }

  /** (C,) 1 = imputed. Borrowed like `values`. */
  get imputed(): Uint8Array {
    return this.#row.imputed;
  }

  /** Number of imputed cells of the row. */
  get imputedCells(): number {
    return this.#imputedCells;
  }

  /**
   * Whether the last push restarted the grid, so that its row does not follow the one before. Also true for the first
   * row.
   */
  get restarted(): boolean {
    return this.#restarted;
  }

  /** Takes a sample; returns how many rows are due, each made by one `advance`. Throws `ShapeError` on another width. */
  push(timeMs: number, readings: Float64Array): number {
    this.#require(timeMs, readings);
    this.#restarted = false;
    if (!hasReading(readings) || this.#isRepeat(timeMs, readings)) return 0;
    const steps = this.#stepsTo(timeMs);
    if (steps < 0) return 0;
    this.#newestMs = this.#restarted ? timeMs : Math.max(this.#newestMs, timeMs);
    this.#lastReadings.set(readings);
    if (steps === 0) this.#row.add(readings);
    this.#due = steps;
    return steps;
  }

  /** Makes the next of the rows that are due. */
  advance(): void {
    if (this.#due === 0) throw new RangeError('no row is due');
    this.#due--;
    if (!this.#restarted) this.#index++;
    // The newest sample belongs to the last row due, not to the missing ones before it.
    if (this.#due === 0) this.#row.add(this.#lastReadings);
    this.#imputedCells = this.#row.take();
  }

  /** Rows from the last row to the sample's; negative = late. If the grid cannot continue, it restarts and returns 1. */
  #stepsTo(timeMs: number): number {
    const steps = Math.round((timeMs - this.timeMs) / this.#intervalMs);
    const lateMs = Math.max(this.#options.maxClockJumpMs, this.#intervalMs);
    const setBack = steps < 0 && this.#newestMs - timeMs > lateMs;
    if (steps <= this.#options.maxGap + 1 && !setBack) return steps;
    this.#row.clear();
    this.#anchorMs = timeMs;
    this.#index = 0;
    this.#restarted = true;
    return 1;
  }

  /** At-least-once delivery repeats samples; counting one twice would pull the next row's mean towards it. */
  #isRepeat(timeMs: number, readings: Float64Array): boolean {
    if (timeMs !== this.#newestMs) return false;
    return readings.every((reading, c) => Object.is(reading, this.#lastReadings[c]));
  }

  #require(timeMs: number, readings: Float64Array): void {
    if (!Number.isFinite(timeMs)) throw new RangeError(`sample time is ${timeMs}`);
    const width = this.#row.values.length;
    if (readings.length === width) return;
    throw new ShapeError(`sample has ${readings.length} values, the stream has ${width} channels`, {
      code: 'SEN_SHP_SAMPLE',
    });
  }
}

function hasReading(readings: Float64Array): boolean {
  for (let c = 0; c < readings.length; c++) if (Number.isFinite(readings[c])) return true;
  return false;
}

/**
 * Collects the readings of one grid row: the mean of the readings since the last row; a channel without a reading keeps the
 * last row's value. Each reading counts in exactly one row. Counters get their rate instead, from the last reading of each
 * row.
 */
class RowBuilder {
  readonly #sum: Float64Array;
  readonly #count: Uint32Array;
  readonly #counters: readonly CounterRate[];
  /** (C,) last readings of counters; NaN = no reading since the last row. */
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

  /** Ignores readings that are not finite. */
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
   * Makes the next row from the readings since the last; a channel without a reading keeps its last value.
   * Returns the number of imputed cells.
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

  /** Resets everything, including the last values. */
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
