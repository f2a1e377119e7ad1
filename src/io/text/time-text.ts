// Written times to Unix milliseconds.
import {
  isCalendarDay,
  isPossibleTime,
  type NumericUnit,
  timeFault,
  toMilliseconds,
  unitBySize,
} from '../../core/time-units.ts';

/** How a time column is written. */
export type TimeUnit = NumericUnit | 'iso';

const NUMBER = /^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$/;
const ISO =
  /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?))?(?:\s?(Z|[-+]\d\d:?\d\d))?$/;

/** Of a number by its size; undefined for a number that is not a time in any unit. */
export function detectTimeUnit(text: string): TimeUnit | undefined {
  return NUMBER.test(text) ? unitBySize(Number(text)) : 'iso';
}

/** Unix milliseconds, or undefined when `text` is not a time in `unit`. ISO times without a zone are UTC. */
export function parseTime(text: string, unit: TimeUnit): number | undefined {
  const timeMs = unit === 'iso' ? parseIso(text) : parseNumber(text, unit);
  return timeMs !== undefined && isPossibleTime(timeMs) ? timeMs : undefined;
}

function parseNumber(text: string, unit: NumericUnit): number | undefined {
  return NUMBER.test(text) ? toMilliseconds(Number(text), unit) : undefined;
}

function parseIso(text: string): number | undefined {
  const match = ISO.exec(text);
  if (!match || !isCalendarDay(text)) return undefined;
  const [, day, clock = '00:00', zone = 'Z'] = match;
  const offset = /^[-+]\d{4}$/.test(zone) ? `${zone.slice(0, 3)}:${zone.slice(3)}` : zone;
  const timeMs = Date.parse(`${day}T${clock.replace(',', '.')}${offset}`);
  return Number.isNaN(timeMs) ? undefined : timeMs;
}

/**
 * The fault of a text that `parseTime` does not read, as the end of a message. `unit` undefined = it was to be detected.
 * `remedy` precedes the advice on a number in another unit.
 */
export function timeTextFault(text: string, unit: TimeUnit | undefined, remedy = ''): string {
  if (ISO.test(text) && !isCalendarDay(text)) return 'expected a day that the calendar has';
  const isNumber = NUMBER.test(text);
  const late = isNumber || parseIso(text) !== undefined ? ' before the year 5138' : '';
  if (unit === undefined) return `expected an ISO 8601 or Unix time${late}`;
  if (unit === 'iso') return `expected an ISO 8601 time${isNumber ? '' : late}`;
  const fault = isNumber ? timeFault(Number(text), unit, { remedy }) : undefined;
  return fault ?? `expected Unix time in ${unit}`;
}
