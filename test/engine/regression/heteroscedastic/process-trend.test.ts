import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../../src/engine/random.ts';
import { GaussianPosterior } from '../../../../src/engine/regression/gaussian-posterior.ts';
import { likeliestKernel } from '../../../../src/engine/regression/gaussian-process.ts';
import { processTrend } from '../../../../src/engine/regression/heteroscedastic/process-trend.ts';
import { countOf, pointsAt, rowOf } from '../../../../src/engine/regression/regressor.ts';

const random = createRandom(4);
const width = 3;
const draw = (count: number) => ({
  values: Float64Array.from({ length: count * width }, () => random.uniform()),
  width,
});
/** Does not depend on the third coordinate. */
const truth = ([a = 0, b = 0]: Float64Array) => 7 + 3 * Math.sin(4 * a) + b * b;
const valuesOf = (points: typeof known) =>
  Float64Array.from({ length: countOf(points) }, (_, row) => truth(rowOf(points, row)));

const known = draw(25);
const y = valuesOf(known);
const once = { points: known, values: y };
const { trend, expected } = processTrend()({ points: known, y }, once);
// What the trend documents of its kernel: a prior of deviation 1, and a descent of 12 steps.
const { kernel } = likeliestKernel(known, y, { each: true, prior: 1, steps: 12 });

describe('process trend', () => {
  const asked = draw(6);

  it('is the posterior of the Gaussian process: mean and deviation to 1e-6', () => {
    const posterior = new GaussianPosterior(kernel, asked);
    for (let row = 0; row < y.length; row++) posterior.observe(rowOf(known, row));
    const reference = posterior.predict(y);
    const found = trend.at(asked.values);
    for (let i = 0; i < countOf(asked); i++) {
      expect(found.mean[i]).toBeCloseTo(reference.mean[i] as number, 6);
      expect(found.doubt[i]).toBeCloseTo(reference.deviation[i] as number, 6);
    }
  });

  it('compares each value with the prediction from all others', () => {
    for (const left of [0, 7, 24]) {
      const rows = [...y.keys()].filter((row) => row !== left);
      const posterior = new GaussianPosterior(kernel, pointsAt(known, [left]));
      const middle = y.reduce((sum, value) => sum + value, 0) / y.length;
      for (const row of rows) posterior.observe(rowOf(known, row));
      // The mean of the process is that of all values, so the others are shifted to have it, and back.
      const others = Float64Array.from(rows, (row) => y[row] as number);
      const own = others.reduce((sum, value) => sum + value, 0) / others.length;
      const { mean } = posterior.predict(others);
      expect(Math.abs((expected[left] as number) - (mean[0] as number))).toBeLessThan(
        3 * Math.abs(middle - own) + 1e-6,
      );
    }
  });

  it('has the gradient of central differences, for mean and doubt together', () => {
    const byDoubt = Float64Array.from({ length: 6 }, (_, i) => i - 2.5);
    const found = trend.at(asked.values).gradient(byDoubt);
    const step = 1e-5;
    const sumAt = (values: Float64Array) => {
      const { mean, doubt } = trend.at(values);
      return mean.reduce((sum, m, i) => sum + m + (byDoubt[i] as number) * (doubt[i] as number), 0);
    };
    for (const i of asked.values.keys()) {
      const [up, down] = [step, -step].map((by) => {
        const moved = asked.values.slice();
        moved[i] = (moved[i] as number) + by;
        return sumAt(moved);
      }) as [number, number];
      expect(found[i]).toBeCloseTo((up - down) / (2 * step), 4);
    }
  });

  it('gives a coordinate without effect a longer scale, and goes on from there with more points', () => {
    const [a, b, c] = kernel.lengthScales as unknown as [number, number, number];
    expect(c).toBeGreaterThan(2 * Math.min(a, b));
    const fitted = processTrend();
    fitted({ points: known, y }, once);
    const more = { values: Float64Array.of(...known.values, ...draw(25).values), width };
    const values = valuesOf(more);
    const later = fitted({ points: more, y: values }, { points: more, values });
    const error = Math.abs(
      (later.trend.at(asked.values).mean[0] as number) - truth(rowOf(asked, 0)),
    );
    expect(error).toBeLessThan(0.05);
  });
});
