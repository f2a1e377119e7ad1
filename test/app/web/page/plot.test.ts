import { describe, expect, it } from 'vitest';
import { curve, heightOf, highestOf, withGaps } from '../../../../src/app/web/page/plot.js';

describe('a curve', () => {
  it('is broken where there is no point, and a dot where a point is alone', () => {
    expect(curve([[0, 1], [2, 3], null, [4, 5], null, [6, 7], [8, 9]])).toBe(
      'M0.0 1.0L2.0 3.0M4.0 5.0h0M6.0 7.0L8.0 9.0',
    );
    expect(curve([])).toBe('');
  });

  it('is broken where rows are missing', () => {
    const points = [0, 1, 2, 3, 60, 61].map((second) => [second * 1000, 0.1]);
    expect(withGaps(points).map((point: number[] | null) => point?.[0])).toEqual([
      0,
      1000,
      2000,
      3000,
      undefined,
      60_000,
      61_000,
    ]);
    expect(withGaps([[5, 1]])).toEqual([[5, 1]]);
  });
});

describe('the height of a score', () => {
  it('has the alert level in sight, however quiet or loud a stream is', () => {
    expect(highestOf([[0, 0.2]])).toBe(2);
    expect(heightOf(1, highestOf([[0, 0.2]]))).toBeCloseTo(0.71, 2);
    const loud = heightOf(1, highestOf([[0, 120]]));
    expect(loud).toBeGreaterThan(0.05);
    expect(heightOf(120, highestOf([[0, 120]]))).toBeLessThan(1);
    expect(heightOf(-1, 2)).toBe(0);
  });
});
