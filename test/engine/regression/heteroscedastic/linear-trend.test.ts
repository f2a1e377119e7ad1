import { describe, expect, it } from 'vitest';
import { linearTrend } from '../../../../src/engine/regression/heteroscedastic/linear-trend.ts';
import { known, pointsOf, reference } from '../reference.ts';

describe('linear trend', () => {
  it.each(reference.trends)(
    'is that of scikit-learn with the ridge that leave-one-out chooses, of $rows points',
    (expected) => {
      const trend = linearTrend(
        pointsOf(reference.x.slice(0, expected.rows)),
        known.y.slice(0, expected.rows),
      );
      const { trends: tolerance } = reference.tolerance;
      trend.slopes.forEach((slope, e) => {
        expect(Math.abs(slope - (expected.slopes[e] as number))).toBeLessThan(tolerance);
      });
      trend.at(known.asked.values).mean.forEach((value, i) => {
        expect(Math.abs(value - (expected.mean[i] as number))).toBeLessThan(tolerance);
      });
    },
  );

  it('is flat where there is one point, or all are alike in a coordinate', () => {
    expect([
      ...linearTrend(pointsOf([[2, 3]]), Float64Array.of(7)).at(Float64Array.of(0, 9)).mean,
    ]).toEqual([7]);
    const { slopes } = linearTrend(
      pointsOf([
        [0, 1],
        [1, 1],
        [2, 1],
        [3, 1],
      ]),
      Float64Array.of(0, 1, 2, 3),
    );
    expect(slopes[0]).toBeGreaterThan(0.9);
    expect(slopes[1]).toBe(0);
  });
});
