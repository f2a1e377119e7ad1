// Records the highest episodes and derives the alert level from them.
import { z } from 'zod';
import type { EpisodeRules } from './rules.ts';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

/** Peaks kept, at most. */
const MOST_PEAKS = 300;

/**
 * Prior of the expected false alarms: `alarms` / n while n rows pass, estimated on the same lessons. Its weight equals
 * that of half an alarm.
 */
const FIRST_EXPECTED = { alarms: 20, weight: 0.5 };
/** The raised level allows about one alert an hour. */
const MOST_A_DAY = 24;

export const peakRecordState = z.strictObject({
  /** Descending. */
  peaks: z.array(z.number()).max(MOST_PEAKS),
  /** The greatest that was no alert. */
  greatestNormal: z.number(),
  rows: z.number().min(0),
  /** Height that one calibration score in a hundred exceeds. */
  ordinary: z.number(),
  /** The level until a false alarm was due. */
  first: z.number(),
  /** Rows that had been seen when it was raised, or set. */
  raisedAt: z.number(),
  /** Scores of the calibration. */
  calibrated: z.int().min(0),
  alerts: z.int().min(0),
});
type PeakRecordState = z.infer<typeof peakRecordState>;

interface Wanted {
  readonly logarithmic: boolean;
  readonly intervalMs: number;
  readonly falseAlarmsPerDay: number;
}

type Rules = Pick<
  EpisodeRules,
  'spent' | 'halvedAfter' | 'alertsCount' | 'mostAbove' | 'firstMargin' | 'raise'
>;

/** Peaks of episodes in descending order. Memory: 300 numbers. */
export class PeakRecord {
  readonly #rules: Rules;
  readonly #wanted: Wanted;
  readonly #scale: HeightScale;
  /** Descending. */
  #peaks: number[];
  #greatestNormal: number;
  #rows: number;
  readonly #ordinary: number;
  #first: number;
  #raisedAt: number;
  readonly #calibrated: number;
  #alerts: number;

  constructor(rules: Rules, wanted: Wanted, state: PeakRecordState) {
    this.#rules = rules;
    this.#wanted = wanted;
    this.#scale = heightScaleOf(wanted);
    this.#peaks = [...state.peaks];
    this.#greatestNormal = state.greatestNormal;
    this.#rows = state.rows;
    this.#ordinary = state.ordinary;
    this.#first = state.first;
    this.#raisedAt = state.raisedAt;
    this.#calibrated = state.calibrated;
    this.#alerts = state.alerts;
  }

  /** Starts with the episodes of a calibration. */
  static of(
    rules: Rules,
    wanted: Wanted,
    peaks: readonly number[],
    { rows, ordinary }: Pick<PeakRecordState, 'rows' | 'ordinary'>,
  ): PeakRecord {
    const descending = peaks.toSorted((a, b) => b - a);
    const { full, power } = rules.firstMargin;
    const margin = Math.max(1, (full / rows) ** power);
    const greatestNormal = descending[0] ?? 0;
    const first = heightScaleOf(wanted).grow(greatestNormal, margin, ordinary);
    const kept = descending.slice(0, MOST_PEAKS);
    const begun = { rows, ordinary, raisedAt: rows, calibrated: rows, alerts: 0 };
    return new PeakRecord(rules, wanted, { peaks: kept, greatestNormal, first, ...begun });
  }

  /** Counts a row. */
  pass(): void {
    this.#rows += 1;
    const { days, due } = this.#rules.halvedAfter;
    if (this.seenDays < days || this.#due < due) return;
    this.#rows /= 2;
    this.#peaks = this.#peaks.filter((_, place) => place % 2 === 0);
  }

  /** Records an episode that has ended; it was an alert if its peak is above the level in force. O(peaks). */
  add(peak: number, level: number): void {
    const { alertsCount, mostAbove, raise } = this.#rules;
    if (peak <= level) this.#greatestNormal = Math.max(this.#greatestNormal, peak);
    if (peak > level && !alertsCount) return;
    const height = Math.min(peak, mostAbove * level);
    const place = this.#peaks.findIndex((other) => other < height);
    this.#peaks.splice(place < 0 ? this.#peaks.length : place, 0, height);
    if (this.#peaks.length > MOST_PEAKS) this.#peaks.pop();
    if (peak <= level) return;
    this.#alerts += 1;
    if (this.#daysOf(this.#rows - this.#raisedAt) * DAY_MS < HOUR_MS) return;
    this.#first = this.#scale.grow(this.#first, raise, this.#ordinary);
    this.#raisedAt = this.#rows;
  }

  /** Days of rows seen, after halving. */
  get seenDays(): number {
    return this.#daysOf(this.#rows);
  }

  /** Greatest height of an episode that was no alert, the calibration included; 0 without any episode. */
  get greatestNormal(): number {
    return this.#greatestNormal;
  }

  /** Height that `falseAlarmsPerDay` episodes a day have exceeded; 0 without any episode. */
  get level(): number {
    const allowed = this.#allowed;
    if (allowed === 0) return this.#first;
    return this.#peaks[Math.min(allowed, this.#peaks.length - 1)] ?? 0;
  }

  /** Expected false alarms a day at the level in force. */
  get expectedPerDay(): number {
    const { falseAlarmsPerDay: asked } = this.#wanted;
    if (this.#allowed > 0 || this.#calibrated === 0) return asked;
    const { alarms, weight } = FIRST_EXPECTED;
    const first = alarms / (this.#calibrated * this.#daysOf(this.#calibrated));
    const days = weight / first + this.#daysOf(this.#rows - this.#calibrated);
    return Math.max(asked, Math.min(MOST_A_DAY, (weight + this.#alerts) / days));
  }

  state(): PeakRecordState {
    return {
      ...{ peaks: [...this.#peaks], greatestNormal: this.#greatestNormal, rows: this.#rows },
      ...{ ordinary: this.#ordinary, first: this.#first, raisedAt: this.#raisedAt },
      ...{ calibrated: this.#calibrated, alerts: this.#alerts },
    };
  }

  #daysOf(rows: number): number {
    return (rows * this.#wanted.intervalMs) / DAY_MS;
  }

  get #allowed(): number {
    return Math.floor(this.#rules.spent * this.#due);
  }

  /** False alarms that were acceptable in the time seen. */
  get #due(): number {
    return this.seenDays * this.#wanted.falseAlarmsPerDay;
  }
}

/** Limit for exponentials: greater logarithms would overflow. */
const GREATEST_LOGARITHM = 200;

export interface HeightScale {
  /** Height of a score above what is usual. */
  readonly of: (score: number, usual: number) => number;
  /** Difference of score and usual that has this height. */
  readonly difference: (height: number, usual: number) => number;
  /** Makes a height greater; `ordinary` is one that a normal score in a hundred exceeds. */
  readonly grow: (height: number, factor: number, ordinary: number) => number;
}

const linear: HeightScale = {
  of: (score, usual) => score - usual,
  difference: (height) => height,
  grow: (height, factor) => factor * height,
};

/**
 * If scores are logarithms, heights are differences of the exponentials. A difference of logarithms is a ratio: the same
 * fault would add less over a higher baseline, and a level learned over a low baseline would never be exceeded. Growth
 * applies to the logarithms of heights, because heights of faults differ by orders of magnitude.
 */
const logarithmic: HeightScale = {
  of: (score, usual) => linearised(score) - linearised(usual),
  difference: (height, usual) => Math.log1p(height + linearised(usual)) - usual,
  grow: (height, factor, ordinary) =>
    ordinary > 0 ? ordinary * Math.expm1(factor * Math.log1p(height / ordinary)) : factor * height,
};

export const heightScaleOf = (scores: { readonly logarithmic: boolean }): HeightScale =>
  scores.logarithmic ? logarithmic : linear;

function linearised(score: number): number {
  return Math.expm1(Math.min(score, GREATEST_LOGARITHM));
}
