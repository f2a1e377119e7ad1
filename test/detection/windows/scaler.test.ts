import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CalibrationError } from '../../../src/core/errors.ts';
import {
  fitScaler,
  type ScalerKind,
  scaleInto,
  unscale,
} from '../../../src/detection/windows/scaler.ts';
import { series } from './samples.ts';

const kinds: readonly ScalerKind[] = ['robust', 'standard', 'minmax'];

function scaled(state: ReturnType<typeof fitScaler>, ...values: number[]): number[] {
  const into = new Float32Array(values.length);
  scaleInto(state, Float64Array.from(values), into, 0);
  return [...into];
}

function column(...values: number[]) {
  return series(values.map((value) => [value]));
}

describe('scaler', () => {
  it('inverts within the clip, whatever the unit', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...kinds),
        fc.double({ min: -9, max: 9, noNaN: true }),
        fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 2, maxLength: 60 }),
        fc.double({ min: -2, max: 2, noNaN: true }),
        (kind, exponent, values, probe) => {
          const unit = 10 ** exponent;
          const state = fitScaler(kind, column(...values.map((value) => value * unit)));
          const value = probe * unit;
          const [result] = scaled(state, value) as [number];
          expect(Math.abs(result)).toBeLessThanOrEqual(state.clip);
          if (Math.abs(result) === state.clip) return;
          const tolerance =
            1e-6 * Math.max(Math.abs(value), state.clip * (state.scale[0] as number));
          expect(Math.abs(unscale(state, 0, result) - value)).toBeLessThanOrEqual(tolerance);
        },
      ),
    );
  });

  it('does not depend on the unit of a channel', () => {
    const values = Array.from({ length: 200 }, (_, i) => 5 + Math.sin(i));
    for (const kind of kinds) {
      const [one] = scaled(fitScaler(kind, column(...values)), 6.5) as [number];
      const giga = fitScaler(kind, column(...values.map((value) => value * 1e9)));
      expect(scaled(giga, 6.5e9)[0]).toBeCloseTo(one, 5);
    }
  });

  it.each(kinds)('%s: a tenth of a percent is a deviation at least (#19)', (kind) => {
    const cached = column(...Array.from({ length: 200 }, (_, i) => 20 + i / 1e4));
    expect(fitScaler(kind, cached).scale[0]).toBeLessThan(0.02);
    const shares = { ...cached, channels: [{ id: 'memory.cached', unit: '%' }] };
    expect(fitScaler(kind, shares).scale).toEqual([0.1]);
    expect(
      fitScaler(kind, { ...shares, values: shares.values.map((x) => 1e4 * x) }).scale[0],
    ).toBeGreaterThan(0.1);
  });

  it('estimates a standard deviation: robust and standard agree on normal data', () => {
    const values = Array.from({ length: 999 }, (_, i) => 20 + 3 * probit((i + 1) / 1000));
    for (const kind of ['robust', 'standard'] as const) {
      const state = fitScaler(kind, column(...values));
      expect(state.offset[0]).toBeCloseTo(20, 1);
      expect(state.scale[0]).toBeGreaterThan(2.9);
      expect(state.scale[0]).toBeLessThan(3.1);
    }
  });

  it('maps the training range to 0..1 when kind is minmax', () => {
    const state = fitScaler('minmax', column(2, 4, 6));
    expect(scaled(state, 2)).toEqual([0]);
    expect(scaled(state, 6)).toEqual([1]);
    expect(scaled(state, 8)).toEqual([1.5]);
  });

  it.each(kinds)('%s: a constant channel neither explodes nor hides', (kind) => {
    for (const level of [100, 1e-6, 4e9]) {
      const state = fitScaler(kind, column(level, level, level));
      expect(scaled(state, level)).toEqual([0]);
      expect(scaled(state, level * (1 + 1e-9))[0]).toBeLessThan(0.01);
      const [little] = scaled(state, level * 1.02) as [number];
      expect(little).toBeGreaterThan(1);
      expect(little).toBeLessThan(4);
      expect(scaled(state, level * 1.5)).toEqual([state.clip]);
      expect(scaled(state, 0)).toEqual([-state.clip]);
    }
  });

  it('lets a channel that was always 0 reach the clip at one whole unit', () => {
    const state = fitScaler('robust', column(0, 0, 0));
    expect(scaled(state, 0)).toEqual([0]);
    expect(scaled(state, 0.1)[0]).toBeCloseTo(1, 5);
    expect(scaled(state, 1)[0]).toBeCloseTo(10, 5);
  });

  it('keeps a channel that rests most of the time from ending at the clip in its ordinary bursts', () => {
    const values = Array.from({ length: 1000 }, (_, i) => (i % 50 === 0 ? 1000 : i % 3));
    const state = fitScaler('robust', column(...values));
    expect(scaled(state, 1000)[0]).toBeLessThan(state.clip);
  });

  it('ignores cells without a reading and keeps NaN for imputation', () => {
    const state = fitScaler('standard', column(1, Number.NaN, 3, Number.POSITIVE_INFINITY));
    expect(state.offset).toEqual([2]);
    expect(scaled(state, Number.NaN)).toEqual([Number.NaN]);
    expect(scaled(state, Number.POSITIVE_INFINITY)).toEqual([state.clip]);
  });

  it('names the channels that were never read', () => {
    const silent = series([
      [1, Number.NaN, Number.NaN],
      [2, Number.NaN, Number.NaN],
    ]);
    expect(() => fitScaler('robust', silent)).toThrow(CalibrationError);
    expect(() => fitScaler('robust', silent)).toThrow(/no reading of c1, c2 in 2 rows of 'test'/);
  });

  it('writes at the offset and nowhere else', () => {
    const state = fitScaler(
      'minmax',
      series([
        [0, 0],
        [1, 1],
      ]),
    );
    const into = new Float32Array(6).fill(7);
    scaleInto(state, Float64Array.of(0.25, 0.5), into, 2);
    expect([...into]).toEqual([7, 7, 0.25, 0.5, 7, 7]);
    expect(() => unscale(state, 2, 0)).toThrow(RangeError);
  });
});

/** Inverse of the normal distribution by bisection on an erf-free tail integral; good to 1e-6, enough for a spread. */
function probit(p: number): number {
  let low = -6;
  let high = 6;
  for (let i = 0; i < 50; i++) {
    const middle = (low + high) / 2;
    if (normalCdf(middle) < p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

function normalCdf(x: number): number {
  const steps = 400;
  let sum = 0;
  const width = x / steps;
  for (let i = 0; i < steps; i++) sum += Math.exp(-(((i + 0.5) * width) ** 2) / 2);
  return 0.5 + (sum * width) / Math.sqrt(2 * Math.PI);
}
