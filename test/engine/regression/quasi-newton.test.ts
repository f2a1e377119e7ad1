import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { descend } from '../../../src/engine/regression/quasi-newton.ts';

function rosenbrock([x = 0, y = 0]: Float64Array) {
  return {
    value: (1 - x) ** 2 + 100 * (y - x ** 2) ** 2,
    gradient: Float64Array.of(-2 * (1 - x) - 400 * x * (y - x ** 2), 200 * (y - x ** 2)),
  };
}

describe('descend', () => {
  it('follows a bent valley to its bottom', () => {
    const { at, value } = descend(rosenbrock, Float64Array.of(-1.2, 1), {
      steps: 100,
      tolerance: 1e-12,
    });
    expect(value).toBeLessThan(1e-8);
    expect(at[0]).toBeCloseTo(1, 3);
  });

  it('never ends higher than it began, however few steps it has', () => {
    const coordinate = fc.double({ min: -3, max: 3, noNaN: true });
    fc.assert(
      fc.property(coordinate, coordinate, fc.nat(5), (x, y, steps) => {
        const start = Float64Array.of(x, y);
        const { value } = descend(rosenbrock, start, { steps, tolerance: 1e-9 });
        expect(value).toBeLessThanOrEqual(rosenbrock(start).value);
      }),
      { numRuns: 40 },
    );
  });

  it('learns how steep each direction is: a stretched bowl takes few steps', () => {
    let calls = 0;
    const bowl = (x: Float64Array) => {
      calls++;
      const gradient = x.map((value, i) => 2 * 30 ** i * value);
      return { value: x.reduce((sum, value, i) => sum + 30 ** i * value ** 2, 0), gradient };
    };
    const { value } = descend(bowl, Float64Array.of(1, -1, 1), { steps: 100, tolerance: 1e-12 });
    expect(value).toBeLessThan(1e-6);
    expect(calls).toBeLessThan(80);
  });
});
