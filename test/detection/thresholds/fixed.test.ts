import { describe, expect, it } from 'vitest';
import { fixed } from '../../../src/detection/thresholds/fixed.ts';
import { THRESHOLD_CONTEXT } from '../../threshold-context.ts';

describe('fixed', () => {
  it('judges by the level that was set, fitted or not', () => {
    const threshold = fixed.create(fixed.options.parse({ level: 3 }), THRESHOLD_CONTEXT);
    expect(threshold.judge(3)).toEqual({ anomalous: false, level: 3 });
    threshold.fit(Float64Array.of(100, 200));
    threshold.learn(2.9);
    expect(threshold.judge(3.01)).toEqual({ anomalous: true, level: 3 });
  });

  it('refuses a level that is none', () => {
    for (const level of [0, -1, Number.NaN, Number.POSITIVE_INFINITY, '1']) {
      expect(fixed.options.safeParse({ level }).success).toBe(false);
    }
  });
});
