// Routines: alerts that recur each day or week at about the same hour and blame the same channels.
import type { Alert } from '../../core/alert.ts';
import type { AlertPattern, Decisions, Routine } from '../../core/decisions.ts';
import { isLike, joined, patternOf, SCORE_AND_DURATION } from '../../detection/alerts/pattern.ts';
import { clockText, minuteOfDay, wallMs } from './local-time.ts';

export interface Routines {
  /** Those that are not removed, longest known first. */
  list(): readonly Routine[];
  /** Those that an alert of that stream and beginning may belong to. */
  inForce(streamId: string, startMs: number): readonly Routine[];
  /** The routine that an alert completes which has just opened: it came at that hour before; undefined = none. */
  completedBy(alert: Alert): Routine | undefined;
  /** An alert that belongs to a routine has begun. */
  seen(id: string, startMs: number): void;
  /** An alert has ended. */
  ended(alert: Alert): void;
  /** What is like it is sent from now on. false when there is none of that id. */
  remove(id: string): boolean;
}

export interface RoutineParts {
  readonly decisions: Decisions;
  /** States of alerts of a stream in a time, oldest first. */
  readonly history: (streamId: string, fromMs: number, toMs: number) => readonly Alert[];
  readonly isNormal: (alertId: string) => boolean;
  readonly now: () => number;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
const PERIODS = { day: DAY_MS, week: 7 * DAY_MS } as const;

/** Greatest distance between the hours of two successive beginnings, milliseconds; all lie within twice this. */
const TOLERANCE_MS = 15 * MINUTE_MS;
/** Beginnings that are remembered, and periods in which a routine has to come back, with one missed. */
const REMEMBERED = 4;
/** Earlier beginnings, of so many periods, that make a routine; one is enough if it was called normal. */
const NEEDED = 2;
/** A routine that was missed in so many periods is none until it has come back as often as a new one. */
const MISSED = 3;
/** A routine is deleted after so long without it. */
const FORGOTTEN_MS = 31 * DAY_MS;
/** How far back the history is read. */
const HISTORY_MS = 29 * DAY_MS;
/** Alerts of one stream that are compared, the newest. */
const MOST_OCCURRENCES = 500;
/** Routines of one stream. */
const MOST = 50;
/** If chance alone explains the matches with more than this probability, there is no routine. */
const MOST_CHANCE = 0.1;
/** A like alert may go further than those that made the routine by these factors. */
const MARGINS = { deviation: 1.5, ...SCORE_AND_DURATION };

export function createRoutines(parts: RoutineParts): Routines {
  return new KnownRoutines(parts);
}

/** An alert that has ended. */
interface Occurrence {
  readonly alertId: string;
  readonly startMs: number;
  readonly pattern: AlertPattern;
}

class KnownRoutines implements Routines {
  readonly #parts: RoutineParts;
  readonly #known: Map<string, Routine>;
  /** By stream; read from the history when a stream first needs them. */
  readonly #occurrences = new Map<string, Occurrence[]>();

  constructor(parts: RoutineParts) {
    this.#parts = parts;
    this.#known = new Map(parts.decisions.list('routine').map((one) => [one.id, one]));
  }

  list(): readonly Routine[] {
    this.#forget([...this.#known.values()], this.#parts.now());
    return [...this.#known.values()].filter(({ removed }) => !removed);
  }

  inForce(streamId: string, startMs: number): readonly Routine[] {
    return this.#of(streamId).filter((one) => !one.removed && isDue(one, startMs));
  }

  completedBy(alert: Alert): Routine | undefined {
    const { streamId, startMs } = alert;
    this.#forget(this.#of(streamId), startMs);
    const removed = this.#of(streamId).find(
      (one) => one.removed && isDue(one, startMs) && isLike(one.pattern, alert),
    );
    if (removed) {
      this.seen(removed.id, startMs);
      return undefined;
    }
    const like = this.#occurrencesOf(streamId, startMs).filter(
      (one) => one.startMs < startMs && isLike(one.pattern, alert),
    );
    for (const period of ['day', 'week'] as const) {
      const earlier = earlierIn(PERIODS[period], startMs, like);
      if (!this.#suffices(earlier, like, PERIODS[period])) continue;
      return this.#add(alert, period, earlier);
    }
    return undefined;
  }

  seen(id: string, startMs: number): void {
    const routine = this.#known.get(id);
    const lastMs = routine?.seenMs.at(-1);
    if (!routine || lastMs === undefined) return;
    if (startMs - lastMs < PERIODS[routine.period] / 2) return;
    this.#put({ ...routine, seenMs: [...routine.seenMs, startMs].slice(-REMEMBERED) });
  }

  ended(alert: Alert): void {
    const occurrences = this.#occurrences.get(alert.streamId);
    if (!occurrences) return; // it is read from the history when it is needed
    occurrences.push(occurrenceOf(alert));
    if (occurrences.length > MOST_OCCURRENCES) occurrences.shift();
  }

  remove(id: string): boolean {
    const routine = this.#known.get(id);
    if (!routine || routine.removed) return false;
    this.#put({ ...routine, removed: true });
    return true;
  }

  /** Whether so many came back at that hour, and more than by chance. */
  #suffices(earlier: readonly Occurrence[], like: readonly Occurrence[], periodMs: number) {
    const { isNormal } = this.#parts;
    const needed = earlier.some(({ alertId }) => isNormal(alertId)) ? 1 : NEEDED;
    if (earlier.length < needed) return false;
    const others = like.length - earlier.length;
    const hours = (REMEMBERED * periodMs) / HOUR_MS;
    const inHour = 1 - Math.exp(-others / hours);
    return chanceOf(needed, REMEMBERED - 1, inHour) <= MOST_CHANCE;
  }

  #add(alert: Alert, period: Routine['period'], earlier: readonly Occurrence[]) {
    const { streamId, startMs } = alert;
    const own = this.#of(streamId);
    const oldest = own.sort((a, b) => (a.seenMs.at(-1) ?? 0) - (b.seenMs.at(-1) ?? 0))[0];
    if (own.length >= MOST && oldest) this.#delete(oldest.id);
    const patterns = earlier.map(({ pattern }) => pattern);
    const pattern = joined(patterns, Math.max);
    if (!pattern) return undefined;
    const seenMs = [...earlier.map((one) => one.startMs), startMs];
    const routine = { id: this.#freeId(alert, period), streamId, period, seenMs, pattern };
    this.#put(routine);
    return routine;
  }

  #freeId({ streamId, startMs }: Alert, period: Routine['period']): string {
    const hour = clockText(minuteOfDay(startMs)).replace(':', '');
    const id = `${streamId}-${period === 'day' ? 'daily' : 'weekly'}-${hour}`;
    for (let n = 1; ; n += 1) {
      const numbered = n === 1 ? id : `${id}-${n}`;
      if (!this.#known.has(numbered)) return numbered;
    }
  }

  #of(streamId: string): Routine[] {
    return [...this.#known.values()].filter((one) => one.streamId === streamId);
  }

  #occurrencesOf(streamId: string, nowMs: number): readonly Occurrence[] {
    const read = this.#occurrences.get(streamId) ?? this.#readHistory(streamId, nowMs);
    const recent = read.filter(({ startMs }) => startMs >= nowMs - HISTORY_MS);
    this.#occurrences.set(streamId, recent);
    return recent;
  }

  #readHistory(streamId: string, nowMs: number): Occurrence[] {
    const states = this.#parts.history(streamId, nowMs - HISTORY_MS, nowMs);
    return states
      .filter(({ kind, state }) => kind === 'anomaly' && state === 'closed')
      .slice(-MOST_OCCURRENCES)
      .map(occurrenceOf);
  }

  #forget(routines: readonly Routine[], nowMs: number): void {
    for (const { id, seenMs } of routines) {
      if (nowMs - (seenMs.at(-1) ?? 0) > FORGOTTEN_MS) this.#delete(id);
    }
  }

  #put(routine: Routine): void {
    this.#parts.decisions.put('routine', routine.id, routine);
    this.#known.set(routine.id, routine);
  }

  #delete(id: string): void {
    this.#parts.decisions.remove('routine', id);
    this.#known.delete(id);
  }
}

function occurrenceOf(alert: Alert): Occurrence {
  return { alertId: alert.id, startMs: alert.startMs, pattern: patternOf(alert, MARGINS) };
}

/**
 * Whether a routine may begin then: within the tolerance of its last time, by the wall clock or by elapsed time (a timer
 * knows no summer time), or together with its last times within the tolerance of some hour.
 */
export function isDue({ period, seenMs }: Routine, startMs: number): boolean {
  const periodMs = PERIODS[period];
  const lastMs = seenMs.at(-1);
  if (lastMs === undefined || startMs - lastMs > (MISSED + 0.5) * periodMs) return false;
  const offsets = seenMs.map((time) => offsetIn(periodMs, wallMs(time) - wallMs(startMs)));
  if (Math.abs(offsets.at(-1) ?? 0) <= TOLERANCE_MS) return true;
  if (Math.abs(offsetIn(periodMs, lastMs - startMs)) <= TOLERANCE_MS) return true;
  return spreadOf([...offsets, 0]) <= 2 * TOLERANCE_MS;
}

/** The distance from the nearest multiple of the period, negative before it. */
function offsetIn(periodMs: number, apartMs: number): number {
  return apartMs - periodMs * Math.round(apartMs / periodMs);
}

/**
 * Of the periods before, each one's alert that began at about that hour, oldest first; none when they are too far apart to be
 * one job.
 */
function earlierIn(
  periodMs: number,
  startMs: number,
  like: readonly Occurrence[],
): readonly Occurrence[] {
  const found: Occurrence[] = [];
  const offsets = [0];
  for (let back = 1; back < REMEMBERED; back++) {
    const nearest = like
      .map((one) => ({ one, apartMs: wallMs(startMs) - wallMs(one.startMs) }))
      .filter(({ apartMs }) => Math.round(apartMs / periodMs) === back)
      .map(({ one, apartMs }) => ({ one, offset: -offsetIn(periodMs, apartMs) }))
      .sort((a, b) => distance(a.offset, offsets) - distance(b.offset, offsets))[0];
    if (!nearest || distance(nearest.offset, offsets) > 2 * TOLERANCE_MS) continue;
    found.unshift(nearest.one);
    offsets.push(nearest.offset);
  }
  const drifts = offsets.every(
    (offset, i) => i === 0 || Math.abs(offset - (offsets[i - 1] as number)) <= TOLERANCE_MS,
  );
  return drifts || spreadOf(offsets) <= 2 * TOLERANCE_MS ? found : [];
}

/** From the last of the offsets. */
function distance(offset: number, offsets: readonly number[]): number {
  return Math.abs(offset - (offsets.at(-1) ?? 0));
}

function spreadOf(values: readonly number[]): number {
  return Math.max(...values) - Math.min(...values);
}

/** That at least `least` of `count` happen, each with that probability. */
function chanceOf(least: number, count: number, probability: number): number {
  let sum = 0;
  let ways = 1;
  for (let k = 0; k <= count; k++) {
    if (k >= least) sum += ways * probability ** k * (1 - probability) ** (count - k);
    ways = (ways * (count - k)) / (k + 1);
  }
  return sum;
}
