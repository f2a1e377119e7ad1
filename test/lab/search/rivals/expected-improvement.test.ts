import { describe, expect, it } from 'vitest';
import {
  logExpectedImprovement,
  mostImproving,
} from '../../../../src/lab/search/rivals/expected-improvement.ts';
import { golden } from '../../../golden/read.ts';

const { improvement, tolerance } = golden<{
  improvement: { z: number[]; log: number[] };
  tolerance: { improvement: number };
}>('regression.json');

describe('logExpectedImprovement', () => {
  it('agrees with SciPy, from hopeless to certain', () => {
    for (const [i, z] of improvement.z.entries()) {
      const expected = improvement.log[i] as number;
      const error = logExpectedImprovement(z, 1, 0) - expected;
      expect(Math.abs(error), `z = ${z}`).toBeLessThan(tolerance.improvement);
    }
  });

  it('scales with the unit of the values', () => {
    const once = logExpectedImprovement(1.2, 0.3, 1.5);
    expect(logExpectedImprovement(12, 3, 15)).toBeCloseTo(once + Math.log(10), 12);
  });

  it('is the difference itself where nothing is uncertain', () => {
    expect(logExpectedImprovement(3, 0, 1)).toBeCloseTo(Math.log(2), 12);
    expect(logExpectedImprovement(1, 0, 3)).toBe(Number.NEGATIVE_INFINITY);
  });
});

describe('mostImproving', () => {
  const pool = Uint32Array.of(7, 8, 9);
  const mean = Float64Array.of(-90, -50, -80);
  const deviation = Float64Array.of(1, 1, 1);

  it('tells candidates apart that are all hopeless', () => {
    expect(mostImproving(pool, { mean, deviation }, 0)).toBe(8);
  });

  it('names only fresh ones, and one of them even where nothing is expected', () => {
    expect(mostImproving(pool, { mean, deviation }, 0, (one) => one !== 8)).toBe(9);
    expect(mostImproving(pool, { mean, deviation: new Float64Array(3) }, 0)).toBe(7);
    expect(mostImproving(pool, { mean, deviation }, 0, () => false)).toBeUndefined();
  });
});
