// From the readings of a counter, row by row, to the rate at which it grows. Knows nothing of time but rows.
import type { ChannelRate } from '../../models/model.ts';

/** Registers of devices begin again at 0 after these; also where they hold decimals. */
const REGISTERS = [2 ** 16, 2 ** 32].flatMap((full) => [full, full / 10, full / 100, full / 1000]);

/** What is read last before an overflow, as a part of the register: a counter that overflows with every few rows is none. */
const NEARLY_FULL = 0.9;

/** Weight of what was before a step beside the step: the rate is that of the last seven or so. */
const MEMORY = 0.75;

/** What the usual rate counts for at the beginning, and a rest at most, in usual rests between steps. */
const USUAL_WEIGHT = 1 / (1 - MEMORY);

/** Rows, beside two rests, after which a counter that begins at 0 is no more expected back where it was. */
const BACK_WITHIN = 10;

/** Rows after which the rates hardly depend any more on what they began with. */
export function rowsToSettle(rates: readonly ChannelRate[]): number {
  return Math.max(0, ...rates.map(({ rest }) => (rest === 1 ? 1 : USUAL_WEIGHT * rest)));
}

/**
 * The rate of one counter. Causal; a dozen numbers.
 *
 * - A counter that rests between steps (a meter of two decimals, a device that reports once a minute) would have a rate of
 *   nothing but peaks. Its growth is averaged from step to step, older steps with less weight. Without further steps the
 *   rate fades: no step in n rows is less than one step in n rows.
 * - A row without a reading repeats the rate, and the next reading spreads over all rows since the last one.
 * - A drop is a correction downwards or, if that means less growth, a restart from 0; or else an overflow of 16 or 32 bits,
 *   if that is near and its growth possible. A counter that drops with each row thus has a rate no higher than its
 *   readings are.
 * - A counter that reads 0 once, e.g. because its device starts, and is back where it was, has not grown.
 *
 * The rate is NaN until the first reading and the usual one until growth was seen; `clear` begins anew.
 */
export class CounterRate {
  /** Place of its channel. */
  readonly channel: number;
  readonly #setup: ChannelRate;
  /** From growth a row to the unit of the rate. */
  readonly #factor: number;
  #last = Number.NaN;
  /** Rows since the last reading. */
  #rows = 0;
  /** Rows since the last step. */
  #since = 0;
  /** Growth, and the rows it took, from step to step: weighted sums. */
  #growth = 0;
  #growthRows = 0;
  /** Whether `#since` counts from a step, and not from somewhere between two. */
  #fromStep = false;
  /** Growth a row. */
  #rate = Number.NaN;
  /** Last reading before a restart, and rows since then. */
  #former = Number.NaN;
  #formerRows = 0;

  constructor(setup: ChannelRate, intervalMs: number) {
    this.channel = setup.channel;
    this.#setup = setup;
    this.#factor = setup.perMs / intervalMs;
  }

  /** The rate after the next row, in its unit. `reading` is NaN where there is none. */
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

  /** A rest that was far longer than usual is no measure of what goes on now, and what was before it is none either. */
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

  /** More than is possible: what it has grown by since it was read before a restart, if that is possible. */
  #growthAfterRestart(reading: number): number {
    const { rest, most } = this.#setup;
    const growth = reading - this.#former;
    const isRecent = this.#formerRows <= 2 * rest + BACK_WITHIN;
    const isBack = isRecent && growth >= 0 && growth <= most * this.#formerRows;
    return isBack ? growth : reading - this.#last;
  }
}
