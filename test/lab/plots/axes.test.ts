import { describe, expect, it } from 'vitest';
import { linearAxis, logAxis, timeTicks } from '../../../src/lab/plots/axes.ts';

const texts = ({ ticks }: { readonly ticks: readonly { readonly text: string }[] }) =>
  ticks.map(({ text }) => text);

describe('an axis', () => {
  it('has round numbers that differ, and ends at them (#21)', () => {
    const axis = linearAxis([0.00276, 0.01732], [0, 100], 5);
    expect(texts(axis)).toEqual(['0.000', '0.005', '0.010', '0.015', '0.020']);
    expect(axis.ticks.map(({ at }) => Math.round(at))).toEqual([0, 25, 50, 75, 100]);
    const close = texts(linearAxis([0.9436, 0.9444], [0, 100], 5));
    expect(new Set(close).size).toBe(close.length);
  });

  it('shortens what is large or small', () => {
    expect(texts(linearAxis([0, 2.4e6], [0, 100], 3))).toEqual(['0', '1M', '2M', '3M']);
    expect(texts(linearAxis([0, 2e-5], [0, 100], 2))).toEqual(['0', '1e-5', '2e-5']);
  });

  it('has room for one value, and for one of no size', () => {
    for (const value of [0, -3, 7]) {
      const axis = linearAxis([value, value], [0, 100], 4);
      expect(axis.at(value)).toBeGreaterThan(0);
      expect(axis.at(value)).toBeLessThan(100);
    }
  });

  it('of decades has no labels that overlap, and a place for what is below', () => {
    const axis = logAxis([0.002, 900], [100, 0], 5);
    expect(axis.ticks.length).toBeLessThanOrEqual(8);
    expect(texts(axis)).toContain('1');
    expect(axis.at(0)).toBe(100);
  });

  it('of time has times that people expect', () => {
    const hour = Date.UTC(2026, 10, 24, 12);
    const ticks = timeTicks([hour, hour + 3_600_000], 4, (timeMs) => (timeMs - hour) / 60_000);
    expect(ticks.map(({ at }) => at)).toEqual([0, 15, 30, 45, 60]);
    expect(ticks[1]?.text).toBe('12:15');
  });

  it.each([
    [1e-310, 5e-310],
    [-1e-315, 0],
    [1, 1],
  ])('has an axis from %d to %d', (low, high) => {
    const { at, ticks } = linearAxis([low, high], [0, 100], 5);
    expect(ticks.length).toBeGreaterThan(1);
    for (const place of [at(low), at(high), ...ticks.map((tick) => tick.at)]) {
      expect(place).toBeGreaterThanOrEqual(0);
      expect(place).toBeLessThanOrEqual(100);
    }
  });
});
