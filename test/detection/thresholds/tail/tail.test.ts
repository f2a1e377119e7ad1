import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { CalibrationError } from '../../../../src/core/errors.ts';
import {
  type TailOptions,
  tailShape,
  withRisk,
} from '../../../../src/detection/thresholds/tail/options.ts';
import { excessOf, Tail } from '../../../../src/detection/thresholds/tail/tail.ts';

function tail(options: Partial<TailOptions> = {}): Tail {
  // The paper's initial quantile, each value a peak, and a wide bound, so that the expected numbers are simple.
  const plain = { initialQuantile: 0.98, runLength: 0, maxShape: 0.5 };
  return new Tail(withRisk(z.strictObject(tailShape).parse({ ...plain, ...options }), 1000));
}

const ramp = Float64Array.from({ length: 1000 }, (_, i) => i / 1000);

describe('tail', () => {
  it('takes the values above the initial quantile for peaks', () => {
    const target = tail({ initialQuantile: 0.9 });
    target.fit(ramp);
    const state = target.state();
    expect(state.initial).toBeCloseTo(0.8991, 10);
    expect(state.peakCount).toBe(100);
    expect(state.count).toBe(1000);
  });

  it('lowers the initial level until 10 peaks remain', () => {
    const target = tail({ initialQuantile: 0.98 });
    target.fit(ramp.subarray(0, 100));
    expect(target.state()).toMatchObject({ initial: 0.089, peakCount: 10 });
  });

  it('lowers it past equal values, which are all peaks or none', () => {
    const target = tail();
    target.fit(Float64Array.from({ length: 100 }, (_, i) => (i < 70 ? 1 : i < 95 ? 2 : 3)));
    expect(target.state()).toMatchObject({ initial: 1, peakCount: 30 });
  });

  it('computes z_q as the paper does', () => {
    const target = tail({ risk: 1e-4, minShape: 0, maxShape: 0 });
    target.fit(ramp);
    const { initial, excesses } = target.state();
    const mean = excesses.reduce((sum, value) => sum + value, 0) / excesses.length;
    expect(target.level).toBeCloseTo(initial - mean * Math.log((1e-4 * 1000) / 20), 10);
    expect(excessOf({ shape: 0.25, scale: 2 }, 0.01)).toBeCloseTo(
      (2 / 0.25) * (0.01 ** -0.25 - 1),
      10,
    );
    expect(excessOf({ shape: 1e-9, scale: 2 }, 0.01)).toBeCloseTo(-2 * Math.log(0.01), 6);
  });

  it('keeps only the newest peaks, and still counts all', () => {
    const target = tail({ maxPeaks: 20 });
    target.fit(ramp);
    for (let i = 0; i < 50; i++) target.learn(0.981 + i / 10_000);
    const { excesses, peakCount, count, initial } = target.state();
    expect(excesses.length).toBe(20);
    const learned = excesses.filter((excess) => initial + excess < 0.99);
    expect(learned.at(-1)).toBeCloseTo(0.9859 - initial, 10);
    const unseen = count - 1050;
    expect(peakCount).toBe(70 + unseen);
  });

  it('puts back the peaks that it does not learn', () => {
    const target = tail({ risk: 1e-3, maxPeaks: 1000 });
    target.fit(ramp);
    for (let i = 0; i < 60; i++) target.learn(0.99);
    const { count, peakCount, excesses, initial } = target.state();
    // A tenth of the peaks are expected above the suspect level, which lies beyond the ramp.
    const unseen = excesses.filter((excess) => initial + excess > 1).length;
    expect(unseen).toBeGreaterThan(3);
    expect(unseen).toBeLessThan(10);
    expect({ count, peakCount }).toEqual({ count: 1060 + unseen, peakCount: 80 + unseen });
  });

  it('counts neighbouring peaks as one, the greatest', () => {
    const target = tail({ runLength: 5 });
    const noise = Float64Array.from({ length: 1000 }, (_, i) => (i % 50 === 0 ? 2 + i / 1000 : 0));
    target.fit(noise);
    const { peakCount } = target.state();
    for (const value of [3, 4, 3.5, 0, 0, 3, 0, 0, 0, 0, 0]) target.learn(value);
    const { excesses, initial, peakCount: after } = target.state();
    expect(after).toBe(peakCount + 1);
    expect(excesses.at(-1)).toBeCloseTo(4 - initial, 10);
  });

  it('does not rise with a slow rise before it', () => {
    const noise = Float64Array.from({ length: 1000 }, (_, i) => ((i * 7919) % 997) / 997);
    const rising = tail({ runLength: 5 });
    rising.fit(noise);
    const before = rising.level;
    let value = 0;
    while (value <= rising.level && value < 10 * before) {
      value += before / 100;
      if (value <= rising.level) rising.learn(value);
    }
    expect(value).toBeLessThan(1.02 * before);
  });

  it('stays where it is when some peaks nearly reach the level', () => {
    const noise = Float64Array.from(
      { length: 2000 },
      (_, i) => -Math.log(((i * 7919) % 1999) / 2000 + 1e-3),
    );
    const target = tail({ initialQuantile: 0.95, runLength: 5 });
    target.fit(noise);
    const before = target.level;
    for (let i = 0; i < 15; i++) {
      target.learn(0.95 * target.level);
      for (let quiet = 0; quiet < 5; quiet++) target.learn(0);
    }
    expect(target.level).toBeLessThan(1.01 * before);
  });

  it('learns nothing from the neighbourhood of an alarm', () => {
    const target = tail({ runLength: 5 });
    target.fit(Float64Array.from({ length: 1000 }, (_, i) => ((i * 7919) % 997) / 997));
    const { excesses } = target.state();
    for (let i = 0; i < 20; i++) target.learn(0.995);
    target.reject();
    for (let i = 0; i < 20; i++) target.learn(0.995);
    for (let i = 0; i < 5; i++) target.learn(0);
    expect(target.state().excesses).toEqual(excesses);
    target.learn(0.999);
    for (let i = 0; i < 5; i++) target.learn(0);
    expect(target.state().excesses).toHaveLength(excesses.length + 1);
  });

  it('takes every value above the level for a peak where clusters are too few', () => {
    const target = tail({ runLength: 50 });
    target.fit(ramp.subarray(0, 100));
    expect(target.state()).toMatchObject({ initial: 0.089, peakCount: 10 });
  });

  it('keeps a constant calibration away from the level, and finds the tail later', () => {
    for (const [constant, level] of [
      [0, 1],
      [0.2, 1],
      [5, 10],
    ] as const) {
      const target = tail();
      target.fit(new Float64Array(200).fill(constant));
      expect(target.level).toBe(level);
      for (let i = 1; i <= 9; i++) target.learn(constant + i / 100);
      expect(target.level).toBe(Math.max(1, 2 * (constant + 0.09)));
      target.learn(constant + 0.1);
      expect(target.level).toBeLessThan(constant + 0.7);
      expect(target.level).toBeGreaterThan(constant + 0.1);
    }
  });

  it('stays above the peaks when they are rarer than the risk', () => {
    const target = tail();
    target.fit(new Float64Array(2000).fill(0));
    for (let i = 0; i < 998_000; i++) target.learn(0);
    for (let i = 1; i <= 10; i++) target.learn(i / 10);
    expect(target.level).toBeGreaterThan(1);
  });

  it('refuses too few values and values that are not finite', () => {
    expect(() => tail().fit(ramp.subarray(0, 10))).toThrow(CalibrationError);
    expect(() => tail().fit(ramp.subarray(0, 10))).toThrow(/10 calibration scores .* at least 11/);
    const broken = ramp.slice();
    broken[3] = Number.NaN;
    expect(() => tail().fit(broken)).toThrow(/calibration score 4 of 1000 is NaN/);
  });

  it.each([
    ['no object', 7],
    ['a missing key', { initial: 0, count: 10, peakCount: 2 }],
    ['more excesses than peaks', { initial: 0, count: 10, peakCount: 0, unseen: 0, excesses: [1] }],
    ['an excess that is none', { initial: 0, count: 10, peakCount: 1, unseen: 0, excesses: [-1] }],
  ])('refuses a stored state with %s', (_, state) => {
    expect(() => tail().restore(state)).toThrow(CalibrationError);
  });
});
