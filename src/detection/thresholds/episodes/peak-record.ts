// The highest episodes so far, and the level that as many of them exceed as are wanted.
import { z } from 'zod';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

/**
 * What is older weighs less: whenever so many false alarms would have been due, and so many days are over, all that was seen
 * counts half. A machine of this week is not that of last month.
 */
const HALVED_AFTER = { due: 10, days: 10 };
/** Of the false alarms that are put up with: the rest is for what is not like the rows that the level was set on. */
const SPENT = 0.85;
/** More peaks are not kept: a level that is passed more often than each hour is none. */
const MOST_PEAKS = 300;
/** An alert counts for no more than so much above the level of its time, or one great fault would hide the next for days. */
const MOST_ABOVE = 1.25;

/**
 * Until a false alarm was due the level is the greatest episode of a calibration of n scores, times 34 / sqrt(n) if that is more than
 * 1. A calibration sets the scales that its own scores are measured with, so that what follows is higher, the more the fewer
 * scores there are. Chosen on shortened lessons: lab/evaluation/NOTES.md.
 */
const FIRST_MARGIN = 34;
/** Meanwhile each hour with alerts raises the level: what returns again and again is told of some times, and then no more. */
const RAISE = 1.25;
const FIRST_EXPECTED = 0.1;
const MOST_A_DAY = 24;

export const peakRecordState = z.strictObject({
  /** Descending. */
  peaks: z.array(z.number()).max(MOST_PEAKS),
  rows: z.number().min(0),
  /** The level until a false alarm was due. */
  first: z.number(),
  /** Rows that had been seen when it was raised, or set. */
  raisedAt: z.number(),
});
export type PeakRecordState = z.infer<typeof peakRecordState>;

export interface Wanted {
  readonly intervalMs: number;
  readonly falseAlarmsPerDay: number;
}

/** Heights of episodes, in order of height. Memory: 300 numbers. */
export class PeakRecord {
  readonly #wanted: Wanted;
  /** Descending. */
  #peaks: number[];
  #rows: number;
  #first: number;
  #raisedAt: number;

  constructor(wanted: Wanted, { peaks, rows, first, raisedAt }: PeakRecordState) {
    this.#wanted = wanted;
    this.#peaks = [...peaks];
    this.#rows = rows;
    this.#first = first;
    this.#raisedAt = raisedAt;
  }

  /** Of the episodes of a calibration of so many rows. */
  static of(peaks: readonly number[], rows: number, wanted: Wanted): PeakRecord {
    const descending = peaks.toSorted((a, b) => b - a);
    const first = (descending[0] ?? 0) * Math.max(1, FIRST_MARGIN / Math.sqrt(rows));
    const kept = descending.slice(0, MOST_PEAKS);
    return new PeakRecord(wanted, { peaks: kept, rows, first, raisedAt: rows });
  }

  /** A row was looked at. */
  pass(): void {
    this.#rows += 1;
    if (this.seenDays < HALVED_AFTER.days || this.#due < HALVED_AFTER.due) return;
    this.#rows /= 2;
    this.#peaks = this.#peaks.filter((_, place) => place % 2 === 1);
  }

  /** An episode is over, which was an alert if it rose above the level in force. O(peaks). */
  add(peak: number, level: number): void {
    const height = Math.min(peak, MOST_ABOVE * level);
    const place = this.#peaks.findIndex((other) => other < height);
    this.#peaks.splice(place < 0 ? this.#peaks.length : place, 0, height);
    if (this.#peaks.length > MOST_PEAKS) this.#peaks.pop();
    const sinceMs = (this.#rows - this.#raisedAt) * this.#wanted.intervalMs;
    if (peak <= level || sinceMs < HOUR_MS) return;
    this.#first *= RAISE;
    this.#raisedAt = this.#rows;
  }

  /** Days of rows that count. */
  get seenDays(): number {
    return (this.#rows * this.#wanted.intervalMs) / DAY_MS;
  }

  /** The height that so many episodes a day exceeded as false alarms are wanted; 0 without any. */
  get level(): number {
    const allowed = this.#allowed;
    if (allowed === 0) return this.#first;
    return this.#peaks[Math.min(allowed, this.#peaks.length - 1)] ?? 0;
  }

  /**
   * False alarms to expect a day. Until one was due: 0.1 in as long as was seen, a fifth of a lesson, and no more than one an hour,
   * because they raise the level. Half of the shortened lessons rang once in as many rows as they had.
   */
  get expectedPerDay(): number {
    const first = Math.min(MOST_A_DAY, FIRST_EXPECTED / this.seenDays);
    return Math.max(this.#wanted.falseAlarmsPerDay, this.#allowed === 0 ? first : 0);
  }

  state(): PeakRecordState {
    const [first, raisedAt] = [this.#first, this.#raisedAt];
    return { peaks: [...this.#peaks], rows: this.#rows, first, raisedAt };
  }

  get #allowed(): number {
    return Math.floor(SPENT * this.#due);
  }

  /** False alarms that are put up with in the time that was seen. */
  get #due(): number {
    return this.seenDays * this.#wanted.falseAlarmsPerDay;
  }
}
