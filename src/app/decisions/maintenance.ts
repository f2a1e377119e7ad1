// When a maintenance window is open. Weekly ones go by the clock on the wall, that is by the time zone of the process.
import type { MaintenanceWindow, Weekday, WeeklyBegin } from '../../core/decisions.ts';

const MINUTE_MS = 60_000;
const MINUTES_A_DAY = 1440;

/** In the order of `Date.getDay`. */
export const WEEKDAYS: readonly Weekday[] = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

/** Begin is part of it, end is not. */
export function isOpen({ begin, minutes }: MaintenanceWindow, timeMs: number): boolean {
  const begins = 'atMs' in begin ? [begin.atMs] : weeklyBegins(begin, minutes, timeMs);
  return begins.some((beginMs) => beginMs <= timeMs && timeMs < beginMs + minutes * MINUTE_MS);
}

/** Whether a window will never open again. */
export function isOver({ begin, minutes }: MaintenanceWindow, timeMs: number): boolean {
  return 'atMs' in begin && timeMs >= begin.atMs + minutes * MINUTE_MS;
}

/**
 * The begins that a window open at `timeMs` can have. A time that the change to summer time leaves out is an hour later
 * that day, and of one that the change back repeats the first counts.
 */
function weeklyBegins({ weekdays, time }: WeeklyBegin, minutes: number, timeMs: number): number[] {
  const now = new Date(timeMs);
  const [hour = 0, minute = 0] = time.split(':').map(Number);
  const days = Math.ceil(minutes / MINUTES_A_DAY);
  const dates = Array.from(
    { length: days + 1 },
    (_, back) => new Date(now.getFullYear(), now.getMonth(), now.getDate() - back, hour, minute),
  );
  return dates
    .filter((date) => weekdays.some((weekday) => weekday === WEEKDAYS[date.getDay()]))
    .map((date) => date.getTime());
}
