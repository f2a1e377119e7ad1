// Units of a number that is a time. Between the years 1973 and 5138 its size shows the unit.

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

/** The year 1973 in milliseconds and 5138 in seconds: a smaller number counts as seconds. */
export const LEAST_MILLISECONDS = 1e11;

/** The year 5138. A time beyond it, or as far before 1970, was read in a wrong unit. A Date holds 86 times as much. */
const LATEST_MS = 1000 * LEAST_MILLISECONDS;

/** The latest time that a Date can hold, and as far before 1970 the earliest, Unix milliseconds: ECMAScript's time value. */
export const LAST_DATE_MS = 8.64e15;

/** A correct clock differs by less; a wrong unit differs by decades. */
const DAY_MS = 86_400_000;

/** undefined for a number that is not a time in any unit. */
export function unitBySize(value: number): NumericUnit | undefined {
  return UNITS.find((_, finer) => Math.abs(value) < LEAST_MILLISECONDS * 1000 ** finer);
}

/** Unix milliseconds, to the microsecond, which is the precision of a double. */
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

/** Whether a reading can have that time. NaN and infinite times are not possible. */
export function isPossibleTime(timeMs: number): boolean {
  return Math.abs(timeMs) < LATEST_MS;
}

/**
 * The fault of a number as a time in `unit`, as the end of a message; undefined = it has none. With `nowMs`, milliseconds
 * that would be today as seconds are a fault too; other early times may come from a clock that was never set. `remedy`
 * precedes the advice on the number.
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

/** Whether the day at the start of a text, `YYYY-MM-DD`, exists: Date reads 2026-02-30 as the second of March. */
export function isCalendarDay(text: string): boolean {
  const [year = 0, month = 0, day = 0] = text.slice(0, 10).split('-').map(Number);
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}
