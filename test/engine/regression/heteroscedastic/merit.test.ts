import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../../src/engine/random.ts';
import { createMerit } from '../../../../src/engine/regression/heteroscedastic/merit.ts';
import type { Parts } from '../../../../src/engine/regression/heteroscedastic/parts.ts';

const same = { width: 1, of: (values: Float64Array) => values, addTo: () => undefined };

/** A trend of 10 everywhere, and networks that foretell a point's coordinate beside it. */
const parts = {
  unit: 4,
  networksSee: same,
  trendSees: same,
  trend: { at: () => ({ mean: Float64Array.of(10), doubt: Float64Array.of(0) }) },
  gaussian: { forward: (x: Float64Array) => ({ mean: x.map((value) => 0.5 + value / 4) }) },
} as unknown as Parts;

const random = createRandom(2);
const foretold = Float64Array.from({ length: 90 }, () => random.normal());

function judged(came: (foretold: number) => number, count = foretold.length) {
  const merit = createMerit();
  const values = foretold.subarray(0, count);
  const points = { points: { values, width: 1 }, values: values.map((x) => 10 + came(x)) };
  merit.judge(parts, points);
  merit.judge(parts, points);
  return merit;
}

describe('merit of the networks', () => {
  it('grows with each point that they foretold, which counts once', () => {
    expect(judged((x) => x).share).toBeCloseTo(90 / 100, 12);
    expect(judged((x) => x, 10).share).toBeCloseTo(10 / 20, 12);
    expect(judged((x) => x / 2).share).toBeCloseTo(45 / 100, 12);
  });

  it('is none where nothing of it came, or the opposite, or nothing was foretold yet', () => {
    expect(judged(() => random.normal()).share).toBeLessThan(0.3);
    expect(judged((x) => -x).share).toBe(0);
    const merit = createMerit();
    merit.judge(undefined, { points: { values: foretold, width: 1 }, values: foretold });
    expect(merit.share).toBe(0);
    merit.judge(parts, { points: { values: foretold, width: 1 }, values: foretold });
    expect(merit.share).toBe(0);
  });
});
