import type { Series } from '../../core/series.ts';
import { standardDeviation } from '../../engine/statistics.ts';

/** What is much for a channel, in its own unit: its standard deviation. Where it rests, its height or, at 0, the unit. */
export function channelSpread(series: Series, channel: number): number {
  const width = series.channels.length;
  const readings = series.values.filter(
    (value, i) => i % width === channel && Number.isFinite(value),
  );
  if (readings.length === 0) return 1;
  return standardDeviation(readings) || Math.abs(readings[0] as number) / 10 || 1;
}
