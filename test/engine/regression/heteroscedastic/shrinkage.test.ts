import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../../src/engine/random.ts';
import type { Parts } from '../../../../src/engine/regression/heteroscedastic/parts.ts';
import { createShrinkage } from '../../../../src/engine/regression/heteroscedastic/shrinkage.ts';

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
  const shrinkage = createShrinkage();
  const values = foretold.subarray(0, count);
  const points = { points: { values, width: 1 }, values: values.map((x) => 10 + came(x)) };
  shrinkage.judge(parts, points);
  shrinkage.judge(parts, points);
  return shrinkage;
}

describe('shrinkage of the networks', () => {
  it('is the share of it that came, where that is always the same; two points tell nothing yet', () => {
    expect(judged((x) => x).share).toBeCloseTo(1, 6);
    expect(judged((x) => x / 2).share).toBeCloseTo(0.5, 6);
    expect(judged((x) => x, 2).share).toBe(0);
    expect(judged((x) => 3 * x).share).toBe(1);
  });

  it('is less by two standard errors, so that it grows with each point that they foretold, which counts once', () => {
    const noise = Float64Array.from(foretold, () => random.normal());
    const noisy = (x: number) => x / 2 + 0.5 * (noise[foretold.indexOf(x)] as number);
    const [products, squares, came] = foretold.reduce<readonly [number, number, number]>(
      ([xy, xx, yy], x) => [xy + x * noisy(x), xx + x ** 2, yy + noisy(x) ** 2],
      [0, 0, 0],
    );
    const slope = products / squares;
    const error = Math.sqrt((came - slope * products) / 89 / squares);
    expect(judged(noisy).share).toBeCloseTo(slope - 2 * error, 9);
    expect(judged(noisy, 10).share).toBeLessThan(judged(noisy).share);
  });

  it('is none of noise, but for one time in forty', () => {
    const lucky = Array.from({ length: 400 }, () => judged(() => random.normal()).share);
    expect(lucky.filter((share) => share > 0).length).toBeLessThan(25);
    expect(Math.max(...lucky)).toBeLessThan(0.25);
  });

  it('is none where the opposite came, or nothing was foretold yet', () => {
    expect(judged((x) => -x).share).toBe(0);
    const shrinkage = createShrinkage();
    shrinkage.judge(undefined, { points: { values: foretold, width: 1 }, values: foretold });
    expect(shrinkage.share).toBe(0);
    shrinkage.judge(parts, { points: { values: foretold, width: 1 }, values: foretold });
    expect(shrinkage.share).toBe(0);
  });
});
