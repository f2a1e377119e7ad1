import { describe, expect, it } from 'vitest';
import { memoryTrend } from '../../scripts/endurance/memory-trend.ts';

/** Memory of `hours` hours that grows by `perDayMb`, below garbage that is collected every third hour. */
function sawtooth(hours: number, perDayMb: number): number[] {
  return Array.from({ length: hours }, (_, hour) => 90 + (perDayMb * hour) / 24 + 2 * (hour % 3));
}

describe('the trend of memory', () => {
  it('is what the low points grow by in a day, whatever garbage lies on them', () => {
    expect(memoryTrend(sawtooth(72, 3)).growthMbPerDay).toBeCloseTo(3, 0);
    expect(memoryTrend(sawtooth(72, 0)).growthMbPerDay).toBe(0);
  });

  it('knows nothing of the first hour', () => {
    expect(memoryTrend([20, ...sawtooth(48, 0)]).growthMbPerDay).toBe(0);
  });

  it('is told from two days on, low points before', () => {
    expect(memoryTrend(sawtooth(12, 0))).toEqual({ lowsMb: [90, 90], growthMbPerDay: null });
    expect(memoryTrend(sawtooth(49, 0)).growthMbPerDay).toBe(0);
  });
});
