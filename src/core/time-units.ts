// Units that a number may be a time in. For times between the years 1973 and 5138 its size tells which.

/** Of Unix time: seconds, milliseconds, microseconds, nanoseconds. */
export type NumericUnit = 's' | 'ms' | 'us' | 'ns';

/** From coarse to fine: each is a thousandth of the one before. */
const UNITS: readonly NumericUnit[] = ['s', 'ms', 'us', 'ns'];

const WORDS: Readonly<Record<NumericUnit, string>> = {
  s: 'seconds',
  ms: 'milliseconds',
  us: 'microseconds',
  ns: 'nanoseconds',
};

/** 1973 in milliseconds, the year 5138 in seconds: below it a number is taken for seconds. */
export const LEAST_MILLISECONDS = 1e11;

/** The year 5138. What lies beyond it, or as far before 1970, was read in a wrong unit. A Date holds 86 times as much. */
const LATEST_MS = 1000 * LEAST_MILLISECONDS;

/** The latest time that a Date can hold, and as far before 1970 the earliest, Unix milliseconds: ECMAScript's time value. */
export const LAST_DATE_MS = 8.64e15;

/** A clock that is right is not off by more; a unit that is wrong makes it decades. */
const DAY_MS = 86_400_000;

/** undefined for what is no time in any of them. */
export function unitBySize(value: number): NumericUnit | undefined {
  return UNITS.find((_, finer) => Math.abs(value) < LEAST_MILLISECONDS * 1000 ** finer);
}

/** Unix milliseconds, to the microsecond: a double holds no more of them. */
export function toMilliseconds(value: number, unit: NumericUnit): number {
  switch (unit) {
    case 's':
      return Math.round(value * 1e6) / 1e3;
    case 'ms':
      return value;
    case 'us':
      return value / 1e3;
    case 'ns':
      return Math.round(value / 1e3) / 1e3;
  }
}

/** Whether something can have happened then. NaN and infinite times are not possible. */
export function isPossibleTime(timeMs: number): boolean {
  return Math.abs(timeMs) < LATEST_MS;
}

/**
 * What is wrong with a number as a time in `unit`, to follow it in a message; undefined when nothing is. With `nowMs`
 * milliseconds that would be of today in seconds are wrong, too: a clock that was never set may be anywhere else.
 * `remedy` goes before what can be done to the number.
 */
export function timeFault(
  value: number,
  unit: NumericUnit,
  { nowMs, remedy = '' }: { readonly nowMs?: number; readonly remedy?: string } = {},
): string | undefined {
  const timeMs = toMilliseconds(value, unit);
  const looks = isPossibleTime(timeMs) ? coarserUnit(timeMs, nowMs) : unitBySize(value);
  if (looks === undefined) {
    return isPossibleTime(timeMs) ? undefined : `expected ${WORDS[unit]} before the year 5138`;
  }
  const finer = UNITS.indexOf(looks) - UNITS.indexOf(unit);
  const change = `${finer > 0 ? 'divide' : 'multiply'} it by 1e${3 * Math.abs(finer)}`;
  return `which looks like ${WORDS[looks]}, expected ${WORDS[unit]}: ${remedy}${change}`;
}

function coarserUnit(timeMs: number, nowMs: number | undefined): NumericUnit | undefined {
  return nowMs !== undefined && Math.abs(1000 * timeMs - nowMs) < DAY_MS ? 's' : undefined;
}

/** Whether the calendar has the day that a text begins with, `YYYY-MM-DD`: Date takes 2026-02-30 for the second of March. */
export function isCalendarDay(text: string): boolean {
  const [year = 0, month = 0, day = 0] = text.slice(0, 10).split('-').map(Number);
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}
