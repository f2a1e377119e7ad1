// Alerts that people called normal: what is like them is kept and not sent, for a time.
import type { Alert } from '../../core/alert.ts';
import type { Decisions, NormalAnswer } from '../../core/decisions.ts';
import { patternOf, SCORE_AND_DURATION } from '../../detection/alerts/pattern.ts';
import { minuteOfDay, minutesApart } from './local-time.ts';

export interface NormalAnswers {
  /** What is kept back when the alert is called normal, of which so many states were saved. Not stored. */
  draft(alert: Alert, states: number, wish: NormalWish): NormalAnswer;
  /** Stores an answer; at the most answers of a stream the one that expires first is removed for it, and returned. */
  add(answer: NormalAnswer): NormalAnswer | undefined;
  /** false when that alert was not called normal. */
  remove(alertId: string): boolean;
  of(alertId: string): NormalAnswer | undefined;
  /** Those that hold, oldest first. */
  list(): readonly NormalAnswer[];
  /** Those that hold for an alert of that stream and beginning. */
  inForce(streamId: string, startMs: number): readonly NormalAnswer[];
  /** An alert has ended: if it was called normal before, its duration is known now. */
  ended(alert: Alert): void;
}

export interface NormalWish {
  /** For how long, days. */
  readonly days: number;
  /** Only at about the hour at which the alert began. */
  readonly sameHour: boolean;
}

const DAY_MS = 86_400_000;
/** How far from the hour of the alert "at this hour" reaches, minutes. */
export const HOUR_REACH_MIN = 60;
/** Answers that one stream may have. */
const MOST = 100;
/** A like alert may go further than the one that was called normal by these factors. */
const MARGINS = { deviation: 1.25, ...SCORE_AND_DURATION };

export function createNormalAnswers(decisions: Decisions, now: () => number): NormalAnswers {
  const known = new Map(decisions.list('normal').map((answer) => [answer.alertId, answer]));
  const put = (answer: NormalAnswer): void => {
    decisions.put('normal', answer.alertId, answer);
    known.delete(answer.alertId);
    known.set(answer.alertId, answer);
  };
  const remove = (alertId: string): boolean => {
    known.delete(alertId);
    return decisions.remove('normal', alertId);
  };
  const holding = (): NormalAnswer[] => {
    for (const answer of [...known.values()]) {
      if (answer.expiresMs <= now()) remove(answer.alertId);
    }
    return [...known.values()];
  };
  return {
    draft: (alert, states, wish) => ({ ...answerTo(alert, wish, now()), states }),
    add(answer) {
      const own = holding().filter(
        ({ streamId, alertId }) => streamId === answer.streamId && alertId !== answer.alertId,
      );
      const first = own.sort((a, b) => a.expiresMs - b.expiresMs)[0];
      const dropped = own.length >= MOST ? first : undefined;
      if (dropped) remove(dropped.alertId);
      put(answer);
      return dropped;
    },
    remove,
    of: (alertId) => known.get(alertId),
    list: holding,
    inForce: (streamId, startMs) =>
      holding().filter((answer) => answer.streamId === streamId && isAtHour(answer, startMs)),
    ended(alert) {
      const answer = known.get(alert.id);
      if (!answer || answer.pattern.longestMs !== undefined || alert.endMs === null) return;
      const { longestMs } = patternOf(alert, MARGINS);
      const pattern = { ...answer.pattern, ...(longestMs !== undefined && { longestMs }) };
      put({ ...answer, toMs: alert.endMs, pattern });
    },
  };
}

function answerTo(
  alert: Alert,
  { days, sameHour }: NormalWish,
  nowMs: number,
): Omit<NormalAnswer, 'states'> {
  const { id: alertId, streamId, startMs, endMs, timeMs } = alert;
  return {
    ...{ alertId, streamId, fromMs: startMs, toMs: endMs ?? timeMs },
    ...{ saidMs: nowMs, expiresMs: nowMs + days * DAY_MS },
    ...(sameHour && { minuteOfDay: minuteOfDay(startMs) }),
    pattern: patternOf(alert, MARGINS),
  };
}

function isAtHour({ minuteOfDay: minute }: NormalAnswer, startMs: number): boolean {
  return minute === undefined || minutesApart(minute, minuteOfDay(startMs)) <= HOUR_REACH_MIN;
}

/** An answer of an earlier release: it lifted the level of the whole stream. */
type FormerAnswer = Pick<NormalAnswer, 'alertId' | 'streamId' | 'fromMs' | 'toMs'>;

/** A former answer holds as long as a new one would by default, days. */
export const DEFAULT_DAYS = 90;

/**
 * Turns answers of earlier releases into patterns of their alerts; those whose alert is gone are removed. To be called
 * before `createNormalAnswers`. Returns how many of each there were.
 */
export function takeOver(
  decisions: Decisions,
  states: (alertId: string) => readonly Alert[],
  nowMs: number,
): { readonly kept: number; readonly removed: number } {
  const former: readonly (FormerAnswer & Partial<NormalAnswer>)[] = decisions.list('normal');
  let [kept, removed] = [0, 0];
  for (const { alertId, pattern } of former) {
    if (pattern) continue;
    const saved = states(alertId);
    const newest = saved.at(-1);
    if (newest) {
      const answer = answerTo(newest, { days: DEFAULT_DAYS, sameHour: false }, nowMs);
      decisions.put('normal', alertId, { ...answer, states: saved.length });
      kept += 1;
    } else {
      decisions.remove('normal', alertId);
      removed += 1;
    }
  }
  return { kept, removed };
}
