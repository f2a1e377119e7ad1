import { describe, expect, it } from 'vitest';
import { matching } from '../../../../src/app/web/page/channel-charts.js';
import {
  columnsOf,
  highestOf,
  rangeOf,
  scoreTicks,
  withGaps,
} from '../../../../src/app/web/page/chart-data.js';
import { tickClock } from '../../../../src/app/web/page/words.js';

describe('a curve', () => {
  it('is broken where rows are missing', () => {
    const points = [0, 1, 2, 3, 60, 61].map((second) => [second * 1000, 0.1]);
    const [times, values] = columnsOf(withGaps(points), 2);
    expect(times).toEqual([0, 1000, 2000, 3000, 4000, 60_000, 61_000]);
    expect(values).toEqual([0.1, 0.1, 0.1, 0.1, null, 0.1, 0.1]);
    expect(withGaps([[5, 1]])).toEqual([[5, 1]]);
    expect(columnsOf(withGaps([]), 2)).toEqual([[], []]);
  });
});

describe('the axis of a chart', () => {
  it('has the alert level in sight, however quiet or loud a stream is', () => {
    expect(highestOf([[0, 0.2]])).toBe(2);
    expect(scoreTicks(2)).toEqual([0, 1, 2]);
    for (const highest of [3, 60, 700, 2e5]) {
      const ticks = scoreTicks(highest);
      expect(ticks.slice(0, 2)).toEqual([0, 1]);
      expect(ticks.length).toBeLessThanOrEqual(7);
      expect(ticks.at(-1)).toBeGreaterThan(highest / 11);
    }
  });

  it('reaches beyond what is known, and below zero only where a value does', () => {
    const [low = 0, high = 0] = rangeOf([2, null, 3]);
    expect([low < 2, low > 0, high > 3]).toEqual([true, true, true]);
    expect(rangeOf([0, 10])[0]).toBe(0);
    expect(rangeOf([-1, 10])[0]).toBeLessThan(-1);
    expect(rangeOf([null, undefined])).toEqual([0, 1]);
    const [under = 0, over = 0] = rangeOf([5, 5]);
    expect([under < 5, over > 5]).toEqual([true, true]);
  });

  it('has days, hours or seconds, as far as its labels are apart', () => {
    const noon = new Date(2026, 10, 24, 12, 30, 5).getTime();
    expect(tickClock(noon, 1000)).toMatch(/30:05/);
    expect(tickClock(noon, 60_000)).not.toMatch(/:05/);
    expect(tickClock(noon, 86_400_000)).toMatch(/24/);
    expect(tickClock(new Date(2026, 10, 24).getTime(), 3_600_000)).toMatch(/24/);
  });
});

it('channels are found by a part of their names, those of an alert first', () => {
  const channels = ['cpu.user', 'disk.read', 'disk.write'].map((id) => ({ id }));
  const ids = (wanted: string, blamed: string[]) =>
    matching(channels, wanted, blamed).map(({ id }: { id: string }) => id);
  expect(ids('', ['disk.write'])).toEqual(['disk.write', 'cpu.user', 'disk.read']);
  expect(ids(' DISK ', [])).toEqual(['disk.read', 'disk.write']);
  expect(ids('nothing', ['cpu.user'])).toEqual([]);
});
