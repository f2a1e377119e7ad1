import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scalarOf } from '../../../../src/lab/search/points/scalar.ts';

const ranges = { least: [0, 10], range: [1, 20], spread: [2] };
const outputs = fc.tuple(
  fc.double({ min: -1, max: 2, noNaN: true }),
  fc.double({ min: 0, max: 40, noNaN: true }),
  fc.double({ min: -3, max: 3, noNaN: true }),
);

describe('scalar', () => {
  it('is the weighted sum of objectives on their range, where that is asked for', () => {
    const scalar = scalarOf(ranges, { value: 'convex', weights: [0.25, 0.75], penalty: 8 });
    expect(scalar.at([0.4, 20, -1])).toBeCloseTo(0.1 + 0.375, 12);
    expect(scalar.at([0.4, 20, 0.5])).toBeCloseTo(0.1 + 0.375 + 2, 12);
  });

  it('is close to the augmented maximum otherwise', () => {
    const scalar = scalarOf(ranges, { value: 'tchebycheff', weights: [0.5, 0.5], penalty: 8 });
    fc.assert(
      fc.property(outputs, ([a, b, g]) => {
        const [t, u] = [a / 2, (b - 10) / 40];
        const exact = Math.max(t, u) + 0.05 * (t + u) + 8 * (Math.max(0, g) / 2);
        const found = scalar.at([a, b, g]);
        expect(found).toBeGreaterThanOrEqual(exact - 1e-9);
        expect(found).toBeLessThanOrEqual(exact + Math.log(2) / 40 + 1e-9);
      }),
    );
  });

  it('never falls when an output rises', () => {
    const scalar = scalarOf(ranges, { value: 'tchebycheff', weights: [0.3, 0.7], penalty: 8 });
    fc.assert(
      fc.property(outputs, (found) => {
        for (const slope of scalar.slopes(found)) expect(slope).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it('reaches the middle of a concave front, which the convex sum does not', () => {
    const front = Array.from({ length: 101 }, (_, i) => [
      Math.sin((i * Math.PI) / 200),
      Math.cos((i * Math.PI) / 200),
    ]);
    const unit = { least: [0, 0], range: [1, 1], spread: [] };
    const bestOf = (value: 'convex' | 'tchebycheff') => {
      const scalar = scalarOf(unit, { value, weights: [0.45, 0.55], penalty: 0 });
      const values = front.map((point) => scalar.at(point));
      return values.indexOf(Math.min(...values));
    };
    expect(bestOf('convex') % 100).toBe(0);
    expect(Math.abs(bestOf('tchebycheff') - 50)).toBeLessThan(15);
  });
});
