import { describe, expect, it } from 'vitest';
import {
  normalDensity,
  normalDistribution,
} from '../../../../src/engine/kernels/plain/normal-distribution.ts';
import { createRandom } from '../../../../src/engine/random.ts';
import {
  createMoments,
  logistic,
  normalShare,
  rectified,
} from '../../../../src/engine/regression/heteroscedastic/gaussian-moments.ts';
import { mean, standardDeviation } from '../../../../src/engine/statistics.ts';

const cases = [
  [0, 1],
  [1.5, 0.3],
  [-1, 2],
  [-0.3, 0.5],
  [2, 3],
] as const;
/** The variance of so many is off by some 1 % where little of the mass is left. */
const SAMPLES = 200_000;
const WITHIN = 0.02;

const kinds = [
  ['ReLU', rectified, (x: number) => Math.max(x, 0)],
  ['the logistic function', logistic, (x: number) => 1 / (1 + Math.exp(-x))],
] as const;

describe.each(kinds)('moments after %s', (_, moments, activate) => {
  it.each(cases)('are those of samples with mean %d and variance %d', (m, s) => {
    const random = createRandom(4);
    const samples = Float64Array.from({ length: SAMPLES }, () =>
      activate(m + Math.sqrt(s) * random.normal()),
    );
    const found = createMoments();
    moments(m, s, found);
    expect(Math.abs(found.mean / mean(samples) - 1)).toBeLessThan(WITHIN);
    expect(Math.abs(found.variance / standardDeviation(samples) ** 2 - 1)).toBeLessThan(WITHIN);
  });

  it.each(cases)('have the derivatives of differences at mean %d and variance %d', (m, s) => {
    const [found, above, below] = [createMoments(), createMoments(), createMoments()];
    const step = 1e-5;
    moments(m, s, found);
    moments(m + step, s, above);
    moments(m - step, s, below);
    expect(found.meanByMean).toBeCloseTo((above.mean - below.mean) / (2 * step), 7);
    expect(found.varianceByMean).toBeCloseTo((above.variance - below.variance) / (2 * step), 7);
    moments(m, s + step, above);
    moments(m, s - step, below);
    expect(found.meanByVariance).toBeCloseTo((above.mean - below.mean) / (2 * step), 7);
    expect(found.varianceByVariance).toBeCloseTo((above.variance - below.variance) / (2 * step), 7);
  });
});

describe('normal share', () => {
  it('is the normal distribution, also far out', () => {
    for (let z = -12; z < 12; z += 0.13) {
      const exact = normalDistribution(z);
      expect(Math.abs(normalShare(z, normalDensity(z)) / exact - 1)).toBeLessThan(1e-7);
    }
  });
});
