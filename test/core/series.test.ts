import { describe, expect, it } from 'vitest';
import { isExcluded } from '../../src/core/series.ts';

describe('exclusion', () => {
  it('leaves out what lies within any stretch, both ends included', () => {
    const stretches = [
      { fromMs: 10, toMs: 20, reason: 'alert' },
      { fromMs: 40, toMs: 40, reason: 'quiet' },
    ] as const;
    const times = [9, 10, 20, 21, 39, 40, 41];
    expect(times.filter((timeMs) => isExcluded(stretches, timeMs))).toEqual([10, 20, 40]);
    expect(isExcluded([], 10)).toBe(false);
  });
});
