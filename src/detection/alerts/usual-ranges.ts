// Between which values each channel is in normal rows, at any time and at each hour of the local day.
//
// Notation   C channels, K = 25 cells a channel: all rows, then the hours 0 to 23
//            low, high (C, K): the 0.5 % and 99.5 % quantiles of the readings
import type { UsualRange } from '../../core/alert.ts';
import { type Channel, leastOfInterest } from '../../core/sample.ts';
import type { Series } from '../../core/series.ts';
import { extent, quantileOfSorted, sorted } from '../../engine/statistics.ts';
import { type ChannelUsual, type Model, watchedChannels } from '../../models/model.ts';
import { constantResolution, leastStep, Steps } from './resolution.ts';

const CELLS = 25;
/** Share of normal readings below the low end, and above the high end. */
const TAIL = 0.005;
/** From so many readings on, a tail holds one of them; with fewer, the ends are the least and the greatest reading. */
const ROWS_OF_QUANTILES = 1 / TAIL;
/** Fewer readings give no range. */
const LEAST_ROWS = 50;
/** An hour has a range of its own from so many readings and days on. */
const LEAST_ROWS_OF_HOUR = 100;
const LEAST_DAYS_OF_HOUR = 3;
/** An end that no reading reaches any more moves inwards by a factor of e in this time of readings. */
const MEMORY_MS = 7 * 86_400_000;
/** Largest step of an end, share of the range: for grids with few rows a day. */
const MOST_STEP = 0.05;
/** Time zones differ by multiples of this. */
const QUARTER_MS = 900_000;
const DAY_MS = 86_400_000;

export interface UsualSetup {
  readonly channels: readonly Channel[];
  /** Time between rows, milliseconds. */
  readonly intervalMs: number;
  /** Of an earlier run, and of the rows of the training: of each channel what rests on more readings. */
  readonly known?: readonly ChannelUsual[];
  /** Minutes by which local time is behind UTC at a time; absent = of this machine. */
  readonly zoneMinutes?: (timeMs: number) => number;
}

/**
 * `learn` takes normal rows alone, O(C). The ends of a range are decayed estimates of quantiles: a single reading moves an
 * end by a small share of its distance, and an end that is not reached any more comes back within weeks. Ends never lie
 * outside of what was read.
 */
export class UsualRanges {
  readonly #channels: readonly Channel[];
  readonly #zoneMinutes: (timeMs: number) => number;
  /** Steps of the ends, share of the range: in the cell of all rows, and in that of an hour. */
  readonly #steps: readonly [all: number, hour: number];
  readonly #low: Float64Array;
  readonly #high: Float64Array;
  /** (C, K) readings. */
  readonly #rows: Float64Array;
  /** (C, K) local days with readings. */
  readonly #days: Float64Array;
  readonly #lastDay: Float64Array;
  /** (C,) of all readings. */
  readonly #least: Float64Array;
  readonly #most: Float64Array;
  readonly #resolution: Steps;
  #quarter = Number.NaN;
  #hour = 0;
  #day = 0;

  constructor({ channels, intervalMs, known = [], zoneMinutes = localZone }: UsualSetup) {
    const cells = channels.length * CELLS;
    const step = intervalMs / (MEMORY_MS * TAIL);
    this.#channels = channels;
    this.#zoneMinutes = zoneMinutes;
    this.#steps = [Math.min(MOST_STEP, step), Math.min(MOST_STEP, 24 * step)];
    this.#low = new Float64Array(cells);
    this.#high = new Float64Array(cells);
    this.#rows = new Float64Array(cells);
    this.#days = new Float64Array(cells);
    this.#lastDay = new Float64Array(cells).fill(Number.NaN);
    this.#least = new Float64Array(channels.length).fill(Number.POSITIVE_INFINITY);
    this.#most = new Float64Array(channels.length).fill(Number.NEGATIVE_INFINITY);
    this.#resolution = new Steps(channels.length);
    for (const [c, channel] of channels.entries()) {
      const [best] = known
        .filter(({ id, unit }) => id === channel.id && unit === channel.unit)
        .sort((a, b) => rowsOf(b) - rowsOf(a));
      if (best) this.#restore(c, best);
    }
  }

  /** Takes a normal row, (C,) in channel units; NaN = no reading. */
  learn(timeMs: number, row: Float64Array): void {
    this.#turnTo(timeMs);
    for (let c = 0; c < this.#channels.length; c += 1) {
      const value = row[c] as number;
      if (!Number.isFinite(value)) continue;
      this.#least[c] = Math.min(this.#least[c] as number, value);
      this.#most[c] = Math.max(this.#most[c] as number, value);
      this.#resolution.take(c, value);
      this.#take(c * CELLS, value, this.#steps[0]);
      this.#take(c * CELLS + 1 + this.#hour, value, this.#steps[1]);
    }
  }

  /** At such an hour, where enough days are known of it, else at any; undefined = too few readings are known. */
  rangeOf(c: number, timeMs: number): UsualRange | undefined {
    this.#turnTo(timeMs);
    const hour = c * CELLS + 1 + this.#hour;
    const isKnown =
      (this.#rows[hour] as number) >= LEAST_ROWS_OF_HOUR &&
      (this.#days[hour] as number) >= LEAST_DAYS_OF_HOUR;
    const at = isKnown ? hour : c * CELLS;
    if (!((this.#rows[at] as number) >= LEAST_ROWS)) return undefined;
    return { low: this.#low[at] as number, high: this.#high[at] as number };
  }

  /** Whether a channel can have that value: one that was never negative cannot be, nor one in % that was never above 100. */
  canBe(c: number, value: number): boolean {
    if (this.#rows[c * CELLS] === 0) return true;
    if (value < 0 && (this.#least[c] as number) >= 0) return false;
    return !(this.#channels[c]?.unit === '%' && value > 100 && (this.#most[c] as number) <= 100);
  }

  /** Smallest change that a channel can show and that matters, in channel units; 0 = unknown. */
  resolutionOf(c: number): number {
    const [least, most] = [this.#least[c] as number, this.#most[c] as number];
    const step = this.#resolution.of(c) ?? (least === most ? constantResolution(least) : 0);
    return Math.max(step, leastOfInterest(this.#channels[c]?.unit ?? ''));
  }

  /** Plain data for `known`; channels without a reading are left out. */
  state(): ChannelUsual[] {
    return this.#channels.flatMap(({ id, unit }, c) => {
      if (this.#rows[c * CELLS] === 0) return [];
      const cells = Array.from({ length: CELLS }, (_, k) => this.#cell(c * CELLS + k));
      const [least, most] = [this.#least[c] as number, this.#most[c] as number];
      return [{ id, unit, least, most, ...stepOf(this.#resolution.of(c)), cells }];
    });
  }

  #cell(at: number): ChannelUsual['cells'][number] {
    const rows = this.#rows[at] as number;
    if (rows === 0) return null;
    const ends = [this.#low[at] as number, this.#high[at] as number] as const;
    return [...ends, rows, this.#days[at] as number, this.#lastDay[at] as number];
  }

  #restore(c: number, { least, most, step, cells }: ChannelUsual): void {
    this.#least[c] = least;
    this.#most[c] = most;
    this.#resolution.restore(c, step);
    for (let k = 0; k < CELLS; k += 1) {
      const at = c * CELLS + k;
      const [low, high, rows, days, lastDay] = cells[k] ?? [0, 0, 0, 0, Number.NaN];
      this.#low[at] = low;
      this.#high[at] = high;
      this.#rows[at] = rows;
      this.#days[at] = days;
      this.#lastDay[at] = lastDay;
    }
  }

  #take(at: number, value: number, step: number): void {
    const rows = (this.#rows[at] as number) + 1;
    this.#rows[at] = rows;
    if (this.#lastDay[at] !== this.#day) {
      this.#lastDay[at] = this.#day;
      this.#days[at] = (this.#days[at] as number) + 1;
    }
    const low = rows === 1 ? value : (this.#low[at] as number);
    const high = rows === 1 ? value : (this.#high[at] as number);
    if (rows < ROWS_OF_QUANTILES) {
      this.#low[at] = Math.min(low, value);
      this.#high[at] = Math.max(high, value);
      return;
    }
    const range = high - low;
    const inwards = step * TAIL * range;
    this.#low[at] = value < low ? low - step * Math.max(range, low - value) : low + inwards;
    this.#high[at] = value > high ? high + step * Math.max(range, value - high) : high - inwards;
    const c = Math.floor(at / CELLS);
    this.#low[at] = Math.max(this.#low[at] as number, this.#least[c] as number);
    this.#high[at] = Math.min(this.#high[at] as number, this.#most[c] as number);
  }

  #turnTo(timeMs: number): void {
    const quarter = Math.floor(timeMs / QUARTER_MS);
    if (quarter === this.#quarter || !Number.isFinite(timeMs)) return;
    this.#quarter = quarter;
    const { day, hour } = localTime(timeMs, this.#zoneMinutes);
    this.#day = day;
    this.#hour = hour;
  }
}

function rowsOf({ cells: [all] }: ChannelUsual): number {
  return all?.[2] ?? 0;
}

/** `day` counts local days, `hour` is 0 to 23. */
function localTime(timeMs: number, zoneMinutes: (timeMs: number) => number) {
  const localMs = timeMs - zoneMinutes(timeMs) * 60_000;
  const day = Math.floor(localMs / DAY_MS);
  return { day, hour: Math.floor((localMs - day * DAY_MS) / 3_600_000) };
}

function stepOf(step: number | undefined): Pick<ChannelUsual, 'step'> {
  return step === undefined ? {} : { step };
}

function localZone(timeMs: number): number {
  return new Date(timeMs).getTimezoneOffset();
}

/**
 * What normal rows on the grid show, with exact quantiles: a training gives it to a stream to begin with. Counters have to be
 * rates already. O(N C log N).
 */
export function usualOf(
  grid: Series,
  model: Pick<Model, 'channels' | 'rates'>,
  zoneMinutes: UsualSetup['zoneMinutes'] = localZone,
): ChannelUsual[] {
  const times = Array.from(grid.timeMs, (timeMs) => localTime(timeMs, zoneMinutes));
  return watchedChannels(model).flatMap(({ id, unit }, c) => {
    const gathered = Array.from({ length: CELLS }, () => new Gathered());
    for (const [row, { day, hour }] of times.entries()) {
      const value = grid.values[row * model.channels.length + c] as number;
      if (!Number.isFinite(value)) continue;
      gathered[0]?.take(value, day);
      gathered[1 + hour]?.take(value, day);
    }
    const readings = gathered[0]?.readings ?? [];
    if (readings.length === 0) return [];
    const [least, most] = extent(readings);
    const step = stepOf(leastStep(readings));
    return [{ id, unit, least, most, ...step, cells: gathered.map((one) => one.cell()) }];
  });
}

/** The readings of one cell. */
class Gathered {
  readonly readings: number[] = [];
  #days = 0;
  #lastDay = Number.NaN;

  take(value: number, day: number): void {
    this.readings.push(value);
    if (day !== this.#lastDay) this.#days += 1;
    this.#lastDay = day;
  }

  cell(): ChannelUsual['cells'][number] {
    const rows = this.readings.length;
    if (rows === 0) return null;
    const ascending = sorted(this.readings);
    const tail = rows < ROWS_OF_QUANTILES ? 0 : TAIL;
    const ends = [
      quantileOfSorted(ascending, tail),
      quantileOfSorted(ascending, 1 - tail),
    ] as const;
    return [...ends, rows, this.#days, this.#lastDay];
  }
}
