import { describe, expect, it } from 'vitest';
import {
  normalDensity,
  normalDistribution,
} from '../../../../src/engine/kernels/plain/normal-distribution.ts';
import {
  createMoments,
  logistic,
  normalShare,
  rectified,
} from '../../../../src/engine/regression/heteroscedastic/uncertain-layer.ts';

/** Of the last but one, and more so of the last, little is left by ReLU. */
const cases = [
  [0, 1],
  [1.5, 0.3],
  [-1, 2],
  [2, 3],
  [-0.3, 0.5],
  [-0.5, 0.2],
  [-3, 1],
] as const;

/** Where the activation begins to be other than 0. */
const ANYWHERE = Number.NEGATIVE_INFINITY;

/** Of ReLU exact, but for 1e-10 of Simpson's rule; of the logistic function by nine nodes, worst where s is 3. */
const kinds = [
  ['ReLU', rectified, (x: number) => Math.max(x, 0), 0, 1e-9],
  ['the logistic function', logistic, (x: number) => 1 / (1 + Math.exp(-x)), ANYWHERE, 5e-3],
] as const;

/** Expectation of f over a normal variable from `from` upwards, by Simpson's rule. */
function expectation(f: (x: number) => number, m: number, s: number, from: number): number {
  const [low, high] = [Math.max(from, m - 10 * Math.sqrt(s)), m + 10 * Math.sqrt(s)];
  const step = (high - low) / PIECES;
  let sum = 0;
  for (let i = 0; i <= PIECES; i++) {
    const weight = i === 0 || i === PIECES ? 1 : 2 + 2 * (i % 2);
    const x = low + i * step;
    sum += weight * f(x) * Math.exp(-((x - m) ** 2) / (2 * s));
  }
  return (sum * step) / 3 / Math.sqrt(2 * Math.PI * s);
}

const PIECES = 2000;

describe.each(kinds)('moments after %s', (_, moments, activate, from, tolerance) => {
  it.each(cases)('are those of integrals at mean %d and variance %d', (m, s) => {
    const mean = expectation(activate, m, s, from);
    const square = expectation((x) => activate(x) ** 2, m, s, from);
    const found = createMoments();
    moments(m, s, found);
    expect(Math.abs(found.mean / mean - 1)).toBeLessThan(tolerance);
    expect(Math.abs(found.variance / (square - mean ** 2) - 1)).toBeLessThan(tolerance);
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
