import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cosineOfPi } from '../../../src/engine/cosine.ts';
import { averageOverFirstAxis } from '../../../src/engine/optimisers/adahessian.ts';
import { clipGradients } from '../../../src/engine/optimisers/optimiser.ts';
import {
  constantRate,
  cosineRestartsRate,
  type RateSchedule,
  steppedRate,
  warmUpCosineRate,
} from '../../../src/engine/optimisers/rate-schedules.ts';
import { golden } from '../../golden/read.ts';

const { rates, tolerance } = golden<{
  rates: Readonly<Record<string, number[]>>;
  tolerance: { rates: number };
}>('optimisers.json');

const schedules: Readonly<Record<string, RateSchedule>> = {
  'warm-up': warmUpCosineRate({ rate: 0.3, warmUp: 8, steps: 39, least: 0.01 }),
  cosine: warmUpCosineRate({ rate: 0.3, steps: 39 }),
  restarts: cosineRestartsRate({ rate: 0.3, period: 5, growth: 2, least: 0.02 }),
  'equal restarts': cosineRestartsRate({ rate: 0.3, period: 7 }),
  stepped: steppedRate({ rate: 0.3, every: 6, factor: 0.4 }),
};

describe('rate schedules', () => {
  it.each(Object.entries(rates))("agree with PyTorch's: %s", (name, wanted) => {
    for (const [step, rate] of wanted.entries()) {
      expect(Math.abs((schedules[name]?.(step) ?? Number.NaN) - rate)).toBeLessThan(
        tolerance.rates,
      );
    }
  });

  it('stay at the least rate once a cosine has come down', () => {
    expect(schedules['warm-up']?.(1000)).toBe(0.01);
    expect(constantRate(0.2)(1e6)).toBe(0.2);
  });

  it('refuse options that are none', () => {
    expect(() => constantRate(-1)).toThrow('rate is -1, must be at least 0');
    expect(() => warmUpCosineRate({ rate: 1, warmUp: 5, steps: 5 })).toThrow(
      'steps is 5, must be at least 6',
    );
    expect(() => cosineRestartsRate({ rate: 1, period: 0 })).toThrow(RangeError);
    expect(() => steppedRate({ rate: 1, every: 0, factor: 1 })).toThrow(RangeError);
  });
});

describe('clipGradients', () => {
  const gradients = fc.float64Array({
    minLength: 1,
    maxLength: 20,
    min: -1e3,
    max: 1e3,
    noNaN: true,
  });

  it('leaves no more than the norm that is allowed, and the direction as it was', () => {
    fc.assert(
      fc.property(gradients, fc.double({ min: 0.01, max: 100, noNaN: true }), (given, most) => {
        const clipped = given.slice();
        const norm = clipGradients(clipped, most);
        expect(norm).toBeCloseTo(Math.hypot(...given), 8);
        expect(Math.hypot(...clipped)).toBeLessThanOrEqual(most * (1 + 1e-12));
        const factor = norm > most ? most / norm : 1;
        for (const [i, value] of given.entries()) expect(clipped[i]).toBeCloseTo(factor * value, 8);
      }),
    );
  });

  it('reports a norm that is not finite and changes nothing', () => {
    const broken = Float32Array.of(1, Number.NaN, 3);
    expect(clipGradients(broken, 1)).toBeNaN();
    expect([...broken]).toEqual([1, Number.NaN, 3]);
    const infinite = Float32Array.of(1, Number.NEGATIVE_INFINITY);
    expect(clipGradients(infinite, 1)).toBe(Number.POSITIVE_INFINITY);
    expect(infinite[0]).toBe(1);
  });

  it('only measures without a limit', () => {
    const given = Float32Array.of(3, 4);
    expect(clipGradients(given)).toBe(5);
    expect([...given]).toEqual([3, 4]);
  });
});

describe('averageOverFirstAxis', () => {
  it('averages columns of a matrix and taps of a kernel, and leaves vectors alone', () => {
    const values = Float64Array.of(9, 1, 2, 3, 4, 9);
    averageOverFirstAxis(values, { from: 1, shape: [2, 2] });
    expect([...values]).toEqual([9, 2, 3, 2, 3, 9]);
    averageOverFirstAxis(values, { from: 0, shape: [3, 1, 2] });
    expect([...values]).toEqual(
      [5, 3, 5, 3, 5, 3].map((_, i) => (i % 2 === 0 ? (9 + 3 + 3) / 3 : (2 + 2 + 9) / 3)),
    );
    const vector = Float64Array.of(1, 2, 3);
    averageOverFirstAxis(vector, { from: 0, shape: [3] });
    expect([...vector]).toEqual([1, 2, 3]);
  });
});

describe('cosineOfPi', () => {
  it('is the cosine, exact at multiples of a half', () => {
    for (let x = -4; x <= 4; x += 1 / 512) {
      expect(Math.abs(cosineOfPi(x) - Math.cos(Math.PI * x))).toBeLessThan(2e-15);
    }
    expect([0, 0.5, 1, 1.5, 2, -1, 7.5].map(cosineOfPi).map(Math.abs)).toEqual([
      1, 0, 1, 0, 1, 1, 0,
    ]);
    expect(cosineOfPi(1)).toBe(-1);
    expect(cosineOfPi(1 / 3)).toBeCloseTo(0.5, 15);
  });
});
