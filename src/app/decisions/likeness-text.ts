// What is kept back, in words: as requests answer it, and as the page shows it.
import type { AlertPattern, NormalAnswer, PatternChannel, Routine } from '../../core/decisions.ts';
import { isoTime } from '../../io/text/alert-payload.ts';
import { figure, withUnit } from '../../io/text/quantity.ts';
import { clockText, minuteOfDay } from './local-time.ts';
import { HOUR_REACH_MIN, type NormalAnswers } from './normal-answers.ts';
import type { Routines } from './routines.ts';

/** What an answer keeps back. */
export interface AnswerView {
  readonly alert: string;
  readonly stream: string;
  readonly said: string;
  /** When it stops to hold. */
  readonly until: string;
  /** One sentence. */
  readonly quiet: string;
  readonly channels: AlertPattern['channels'];
}

export function answerView(answer: NormalAnswer): AnswerView {
  const { alertId, streamId, saidMs, expiresMs, minuteOfDay: minute, pattern } = answer;
  const when =
    minute === undefined
      ? 'at any hour'
      : `between ${clockText(minute - HOUR_REACH_MIN)} and ${clockText(minute + HOUR_REACH_MIN)}`;
  const until = isoTime(expiresMs);
  return {
    alert: alertId,
    stream: streamId,
    said: isoTime(saidMs),
    until,
    quiet: `Until ${until.slice(0, 10)}, ${when}: ${patternText(pattern)}`,
    channels: pattern.channels,
  };
}

/** What a routine keeps back. */
export interface RoutineView {
  readonly id: string;
  readonly stream: string;
  readonly period: Routine['period'];
  /** Its hour the last time, HH:MM. */
  readonly time: string;
  /** Its last beginnings, oldest first. */
  readonly seen: readonly string[];
  /** One sentence. */
  readonly quiet: string;
  readonly channels: AlertPattern['channels'];
}

export interface KeptBackViews {
  readonly normals: readonly AnswerView[];
  readonly routines: readonly RoutineView[];
}

export function keptBackViews(known: {
  readonly answers: Pick<NormalAnswers, 'list'>;
  readonly routines: Pick<Routines, 'list'>;
}): KeptBackViews {
  return {
    normals: known.answers.list().map(answerView),
    routines: known.routines.list().map(routineView),
  };
}

const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

export function routineView({ id, streamId, period, seenMs, pattern }: Routine): RoutineView {
  const lastMs = seenMs.at(-1) ?? 0;
  const time = clockText(minuteOfDay(lastMs));
  const day = period === 'day' ? 'Every day' : `Every ${WEEKDAYS[new Date(lastMs).getDay()]}`;
  return {
    ...{ id, stream: streamId, period, time },
    seen: seenMs.map(isoTime),
    quiet: `${day} at about ${time}: ${patternText(pattern)}`,
    channels: pattern.channels,
  };
}

/** Channels that are named. */
const NAMED = 5;

function patternText({ channels, longestMs }: AlertPattern): string {
  const named = channels.slice(0, NAMED).map(channelText);
  const more = channels.length > NAMED ? `, and ${channels.length - NAMED} more` : '';
  const length = longestMs === undefined ? '' : `, for at most ${boundText(longestMs)}`;
  return `alerts are not sent that blame only ${named.join(', ')}${more}${length}.`;
}

function channelText({ id, unit, side, low, high }: PatternChannel): string {
  const bounds = [
    side !== 'above' && low !== null ? `down to ${withUnit(figure(low), unit)}` : '',
    side !== 'below' && high !== null ? `up to ${withUnit(figure(high), unit)}` : '',
  ].filter(Boolean);
  return bounds.length === 0 ? id : `${id} (${bounds.join(', ')})`;
}

/** Rounded up, because it is a bound. */
function boundText(spanMs: number): string {
  const minutes = Math.ceil(spanMs / 60_000);
  return minutes < 120 ? `${minutes} min` : `${Math.ceil(minutes / 60)} h`;
}
