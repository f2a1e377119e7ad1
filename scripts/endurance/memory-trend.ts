// Whether memory grows: a line through its low points.
import { mean } from '../../src/engine/statistics.ts';

/** V8 lets garbage of some MB gather for two or three hours of rows; what is left after that is compared. */
const SAWTOOTH_HOURS = 4;
/** Two days: within the first, memory rises by some 2 MB until it has settled, and a line through that would tell of no other. */
const LEAST_LOWS = 12;

export interface MemoryTrend {
  /** The lowest of each four hours. */
  readonly lowsMb: readonly number[];
  /** Of the line of least squares through these; null = there are too few. */
  readonly growthMbPerDay: number | null;
}

/** Of the lowest reading of each hour. The first hour is left out: it still loads and connects what it needs. */
export function memoryTrend(lowestByHourMb: readonly number[]): MemoryTrend {
  const settled = lowestByHourMb.slice(1);
  const lowsMb = Array.from({ length: Math.floor(settled.length / SAWTOOTH_HOURS) }, (_, k) =>
    Math.min(...settled.slice(k * SAWTOOTH_HOURS, (k + 1) * SAWTOOTH_HOURS)),
  );
  const perDay = slope(lowsMb) * (24 / SAWTOOTH_HOURS);
  return {
    lowsMb,
    growthMbPerDay: lowsMb.length < LEAST_LOWS ? null : Math.round(perDay * 10) / 10,
  };
}

/** Of the line of least squares through values at 0, 1, 2, ... */
function slope(values: readonly number[]): number {
  const middle = (values.length - 1) / 2;
  const level = mean(values);
  const shared = values.reduce((sum, value, k) => sum + (k - middle) * (value - level), 0);
  return shared / values.reduce((sum, _, k) => sum + (k - middle) ** 2, 0);
}
