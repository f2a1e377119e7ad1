import { describe, expect, it } from 'vitest';
import { GaussianPosterior } from '../../../src/engine/regression/gaussian-posterior.ts';
import { settledProcess } from '../../../src/engine/regression/settled-process.ts';
import { greatestDifference, known, reference } from './reference.ts';

const { points, y, asked } = known;

describe.each(reference.processes)('settled process with scales $lengthScales', (expected) => {
  const kernel = {
    lengthScales: Float64Array.from(expected.lengthScales),
    noiseRatio: expected.noiseRatio,
  };
  const process = settledProcess(kernel, points, y);

  it('predicts what scikit-learn predicts with the same kernel', () => {
    const { mean, deviation } = process.at(asked);
    expect(greatestDifference(mean, expected.mean)).toBeLessThan(reference.tolerance.process);
    expect(greatestDifference(deviation, expected.deviation)).toBeLessThan(
      reference.tolerance.process,
    );
  });

  it('has the same bits for the means alone, and for a point in any company', () => {
    const { mean, deviation } = process.at(asked);
    expect(process.meanAt(asked)).toEqual(mean);
    const { width } = asked;
    const last = { values: asked.values.subarray(-width), width };
    const alone = process.at(last);
    expect([alone.mean[0], alone.deviation[0]]).toEqual([mean.at(-1), deviation.at(-1)]);
  });

  it('has the gradient of the mean alone, as if the deviation weighed nothing', () => {
    const { mean, gradient } = process.at(asked);
    expect(gradient()).toEqual(gradient(new Float64Array(mean.length)));
    expect(Math.max(...gradient().map(Math.abs))).toBeGreaterThan(0);
  });

  it('agrees with the process that observes one point after the other', () => {
    const posterior = new GaussianPosterior(kernel, asked);
    for (const row of reference.x) posterior.observe(Float64Array.from(row));
    const stepwise = posterior.predict(y);
    const { mean, deviation } = process.at(asked);
    expect(greatestDifference(mean, [...stepwise.mean])).toBeLessThan(1e-7);
    expect(greatestDifference(deviation, [...stepwise.deviation])).toBeLessThan(1e-7);
  });
});
