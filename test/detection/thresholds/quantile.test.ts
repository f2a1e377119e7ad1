import { describe, expect, it } from 'vitest';
import { CalibrationError } from '../../../src/core/errors.ts';
import { quantile } from '../../../src/detection/thresholds/quantile.ts';
import golden from '../../golden/pot.json' with { type: 'json' };
import { THRESHOLD_CONTEXT } from '../../threshold-context.ts';

function create(options: Record<string, unknown> = {}) {
  return quantile.create(quantile.options.parse(options), THRESHOLD_CONTEXT);
}

describe('quantile', () => {
  it('sets the level at the quantile of the calibration scores, as NumPy computes it', () => {
    for (const { scores, quantiles } of golden.quantiles) {
      for (const { share, value } of quantiles) {
        const threshold = create({ quantile: share, minimumLevel: 1e-12 });
        threshold.fit(Float64Array.from(scores));
        expect(threshold.judge(0).level / value).toBeCloseTo(1, 12);
      }
    }
  });

  it('multiplies by the margin and respects the minimum', () => {
    const threshold = create({ quantile: 1, margin: 1.5 });
    threshold.fit(Float64Array.of(1, 2, 4));
    expect(threshold.judge(5.9)).toEqual({ anomalous: false, level: 6 });
    expect(threshold.judge(6.1).anomalous).toBe(true);
    threshold.fit(Float64Array.of(0, 0));
    expect(threshold.judge(0)).toEqual({ anomalous: false, level: 1e-6 });
  });

  it('does not learn', () => {
    const threshold = create();
    threshold.fit(Float64Array.of(1, 2, 3));
    const before = threshold.judge(0).level;
    for (let i = 0; i < 1000; i++) threshold.learn(0.1);
    expect(threshold.judge(0).level).toBe(before);
  });

  it('refuses calibration without scores or with NaN', () => {
    expect(() => create().fit(new Float64Array(0))).toThrow(CalibrationError);
    expect(() => create().fit(Float64Array.of(1, Number.NaN))).toThrow(CalibrationError);
  });
});
