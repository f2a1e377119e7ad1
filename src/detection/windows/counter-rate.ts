// Turns the readings of a counter, row by row, into the rate at which it grows. Time is counted in rows.
import type { ChannelRate } from '../../models/model.ts';

/** Values at which device registers overflow to 0, also with decimals. */
const REGISTERS = [2 ** 16, 2 ** 32].flatMap((full) => [full, full / 10, full / 100, full / 1000]);

/** Least last reading before an overflow, as a share of the register: a counter does not overflow every few rows. */
const NEARLY_FULL = 0.9;

/** Decay factor of earlier steps: the rate covers about the last seven steps. */
const MEMORY = 0.75;

/** Initial weight of the usual rate, and greatest weight of a rest, in usual rests between steps. */
const USUAL_WEIGHT = 1 / (1 - MEMORY);

/** Rows, in addition to two rests, within which a counter that read 0 may return to its former value. */
const BACK_WITHIN = 10;

/** Rows after which the rates hardly depend on their initial values. */
export function rowsToSettle(rates: readonly ChannelRate[]): number {
  return Math.max(0, ...rates.map(({ rest }) => (rest === 1 ? 1 : USUAL_WEIGHT * rest)));
}

/**
 * The rate of one counter. Causal; a dozen numbers.
 *
 * - A counter that rests between steps (a meter with two decimals, a device that reports once a minute) would have a rate of
 *   single peaks. Its growth is averaged from step to step, older steps with less weight. Without further steps the rate
 *   falls: after n rows without a step it is at most one step in n rows.
 * - A row without a reading repeats the rate, and the next reading is spread over all rows since the last one.
 * - A drop is a correction downwards or, if that means less growth, a restart from 0; or an overflow of 16 or 32 bits, if
 * the
 *   last reading is close to it and the growth is possible. So a counter that drops in each row has a rate of at most its
 *   readings.
 * - A counter that reads 0 for a moment, e.g. because its device starts, and then returns to its former value has not grown.
 *
 * The rate is NaN until the first reading and the usual rate until the first growth; `clear` resets everything.
 */
export class CounterRate {
  /** Index of its channel. */
  readonly channel: number;
  readonly #setup: ChannelRate;
  /** Factor from growth per row to the unit of the rate. */
  readonly #factor: number;
  #last = Number.NaN;
  /** Rows since the last reading. */
  #rows = 0;
  /** Rows since the last step. */
  #since = 0;
  /** Weighted sums of growth and rows from step to step. */
  #growth = 0;
  #growthRows = 0;
  /** Whether `#since` counts from a step, and not from a row between two steps. */
  #fromStep = false;
  /** Growth per row. */
  #rate = Number.NaN;
  /** Last reading before a restart, and rows since then. */
  #former = Number.NaN;
  #formerRows = 0;

  constructor(setup: ChannelRate, intervalMs: number) {
    this.channel = setup.channel;
    this.#setup = setup;
    this.#factor = setup.perMs / intervalMs;
  }

  /** The rate after the next row, in its unit. `reading` is NaN for a row without a reading. */
  next(reading: number): number {
    this.#rows++;
    this.#formerRows++;
    if (Number.isNaN(reading)) return this.#rate * this.#factor;
    if (Number.isNaN(this.#last)) this.#begin();
    else this.#grow(this.#growthTo(reading));
    this.#last = reading;
    this.#rows = 0;
    return this.#rate * this.#factor;
  }

  clear(): void {
    this.#last = Number.NaN;
    this.#former = Number.NaN;
    this.#rate = Number.NaN;
  }

  #begin(): void {
    const { usual, rest } = this.#setup;
    this.#rate = usual;
    this.#growth = usual * rest * USUAL_WEIGHT;
    this.#growthRows = rest * USUAL_WEIGHT;
    this.#fromStep = false;
    this.#since = 0;
  }

  #grow(growth: number): void {
    const { rest, step } = this.#setup;
    this.#since += this.#rows;
    if (rest === 1) this.#rate = growth / this.#rows;
    else if (growth === 0) this.#rate = Math.min(this.#rate, step / this.#since);
    else this.#step(growth, rest);
  }

  /** A rest much longer than usual gets a limited weight, and so do the steps before it. */
  #step(growth: number, rest: number): void {
    if (this.#fromStep) {
      const memory = MEMORY ** Math.max(1, this.#since / rest);
      this.#growth = memory * this.#growth + growth;
      this.#growthRows = memory * this.#growthRows + Math.min(this.#since, USUAL_WEIGHT * rest);
    }
    this.#fromStep = true;
    this.#rate = this.#growth / this.#growthRows;
    this.#since = 0;
  }

  #growthTo(reading: number): number {
    const difference = reading - this.#last;
    const most = this.#setup.most * this.#rows;
    if (difference >= 0) return difference > most ? this.#growthAfterRestart(reading) : difference;
    if (reading < 0 || reading >= -difference) return difference;
    const over = REGISTERS.find((full) => this.#last <= full && this.#last >= NEARLY_FULL * full);
    if (over !== undefined && difference + over <= most) return difference + over;
    this.#former = this.#last;
    this.#formerRows = this.#rows;
    return reading;
  }

  /** For growth above the possible: the growth since the reading before a restart, if that is possible. */
  #growthAfterRestart(reading: number): number {
    const { rest, most } = this.#setup;
    const growth = reading - this.#former;
    const isRecent = this.#formerRows <= 2 * rest + BACK_WITHIN;
    const isBack = isRecent && growth >= 0 && growth <= most * this.#formerRows;
    return isBack ? growth : reading - this.#last;
  }
}
