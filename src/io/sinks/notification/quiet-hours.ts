// Hours of the day in which people want to sleep, by the clock of a time zone.
import { z } from 'zod';
import { LAST_DATE_MS } from '../../../core/time-units.ts';

const hour = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/, { message: 'expected HH:MM between 00:00 and 23:59' });

export const quietHoursOptions = z
  .strictObject({
    from: hour.describe('when they begin, HH:MM'),
    to: hour.describe('when they end, HH:MM; earlier than from = on the next day'),
    timeZone: z
      .string()
      .refine(isTimeZone, { message: 'expected a name such as Europe/Berlin' })
      .optional()
      .describe('zone of both, e.g. Europe/Berlin; default: that of the device'),
  })
  .refine(({ from, to }) => from !== to, {
    path: ['to'],
    message: 'expected another time than from',
  });

type QuietHoursOptions = z.infer<typeof quietHoursOptions>;

/** When the quiet hours that hold `timeMs` end, Unix milliseconds; undefined = it is in none. */
export type QuietUntil = (timeMs: number) => number | undefined;

const DAY_MIN = 1440;
const MINUTE_MS = 60_000;

export function quietHours({ from, to, timeZone }: QuietHoursOptions): QuietUntil {
  const [begin, end] = [minutesOf(from), minutesOf(to)];
  const clock = new Intl.DateTimeFormat('en-GB', {
    ...{ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
    ...(timeZone !== undefined && { timeZone }),
  });
  const clockAt = (timeMs: number): number => minutesOf(clock.format(timeMs));
  const holds = (minutes: number): boolean =>
    begin < end ? begin <= minutes && minutes < end : minutes >= begin || minutes < end;
  let known = { fromMs: 0, toMs: 0 };
  return (timeMs) => {
    if (!(Math.abs(timeMs) <= LAST_DATE_MS)) return undefined;
    if (known.fromMs <= timeMs && timeMs < known.toMs) return known.toMs;
    const minutes = clockAt(timeMs);
    if (!holds(minutes)) return undefined;
    const thisMinuteMs = Math.floor(timeMs / MINUTE_MS) * MINUTE_MS;
    const toMs = endAfter(thisMinuteMs, minutes);
    known = { fromMs: timeMs, toMs };
    return toMs;
  };

  /** The clock may be moved in between: then the end is where it shows it, or just after a gap that swallowed it. */
  function endAfter(minuteMs: number, minutes: number): number {
    const usualMs = minuteMs + ((end - minutes + DAY_MIN) % DAY_MIN) * MINUTE_MS;
    const late = (clockAt(usualMs) - end + 1.5 * DAY_MIN) % DAY_MIN;
    const mendedMs = usualMs - (late - DAY_MIN / 2) * MINUTE_MS;
    return holds(clockAt(mendedMs)) ? usualMs : mendedMs;
  }
}

/** Of HH:MM. */
function minutesOf(text: string): number {
  const [hours = 0, minutes = 0] = text.split(':').map(Number);
  return 60 * hours + minutes;
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }) !== undefined;
  } catch {
    return false;
  }
}
