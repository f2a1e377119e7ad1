// Time as people write it, to Unix milliseconds.

/** How a time column is written. */
export type TimeUnit = 's' | 'ms' | 'iso';

/** 1973 in milliseconds, the year 5138 in seconds: below it a number is taken for seconds. */
export const LEAST_MILLISECONDS = 1e11;

const NUMBER = /^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$/;
const ISO =
  /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?))?(?:\s?(Z|[-+]\d\d:?\d\d))?$/;

export function detectTimeUnit(text: string): TimeUnit {
  if (!NUMBER.test(text)) return 'iso';
  return Math.abs(Number(text)) >= LEAST_MILLISECONDS ? 'ms' : 's';
}

/** Unix milliseconds, or undefined when `text` is no such time. ISO times without a zone are UTC. */
export function parseTime(text: string, unit: TimeUnit): number | undefined {
  if (unit !== 'iso') {
    if (!NUMBER.test(text)) return undefined;
    return unit === 'ms' ? Number(text) : Math.round(Number(text) * 1e6) / 1e3;
  }
  const match = ISO.exec(text);
  if (!match) return undefined;
  const [, day, clock = '00:00', zone = 'Z'] = match;
  const offset = /^[-+]\d{4}$/.test(zone) ? `${zone.slice(0, 3)}:${zone.slice(3)}` : zone;
  const timeMs = Date.parse(`${day}T${clock.replace(',', '.')}${offset}`);
  return Number.isNaN(timeMs) ? undefined : timeMs;
}
