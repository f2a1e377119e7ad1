import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ConfigError } from '../../../src/core/errors.ts';
import { createWeighing, deviationLimits } from '../../../src/detection/alerts/deviation.ts';
import { UsualRanges } from '../../../src/detection/alerts/usual-ranges.ts';
import { channels, policy, run, scaler, times, windowAt } from './rows.ts';

/** In normal rows cpu reads 20 to 30 %. */
function known(): UsualRanges {
  const usual = new UsualRanges({ channels, intervalMs: 1000 });
  for (let row = 0; row < 300; row += 1) usual.learn(1000 * row, Float64Array.of(20 + (row % 11)));
  return usual;
}

/** The share that counts where cpu, of share 0.75, reads 100 and 60 % was expected; disk reads what was expected. */
function counting(limits: object, score: object = {}): number {
  const parsed = z.record(z.string(), deviationLimits).parse(limits);
  const made = { value: 4, perChannel: Float32Array.of(3, 1), expected: Float32Array.of(10, 0) };
  const weigh = createWeighing(parsed, { streamId: 's', channels, scaler });
  return weigh(windowAt(0, 1), { ...made, ...score });
}

describe('what counts of a score', () => {
  it('is all of it without limits', () => {
    expect(counting({})).toBe(1);
    expect(counting({ cpu: {} })).toBe(1);
  });

  it('is what lies on the side that was asked for', () => {
    expect(counting({ cpu: { direction: 'above' } })).toBe(1);
    expect(counting({ cpu: { direction: 'below' } })).toBe(0.25);
    expect(counting({ cpu: { direction: 'below' } }, { expected: Float32Array.of(20, 0) })).toBe(1);
    // disk deviates to no side
    expect(counting({ disk: { direction: 'above' } })).toBe(0.75);
    expect(counting({ disk: { direction: 'below' } })).toBe(0.75);
  });

  it('is what deviates enough, in channel units or as a share of the expected value', () => {
    expect(counting({ cpu: { minDeviation: 40 } })).toBe(1);
    expect(counting({ cpu: { minDeviation: 40.1 } })).toBe(0.25);
    expect(counting({ cpu: { minRelative: 0.66 } })).toBe(1);
    expect(counting({ cpu: { minRelative: 0.67 } })).toBe(0.25);
    expect(counting({ cpu: { minDeviation: 50, minRelative: 0.1 } })).toBe(0.25);
    expect(counting({ cpu: { minDeviation: 50 }, disk: { minDeviation: 1 } })).toBe(0);
  });

  it('is what cannot be told, too', () => {
    const limits = { cpu: { direction: 'below', minDeviation: 99 } };
    expect(counting(limits, { expected: undefined })).toBe(1);
    expect(counting(limits, { expected: Float32Array.of(Number.NaN, 0) })).toBe(1);
  });

  it('is compared with the usual range where one is known, not with what the detector expected (#21)', () => {
    const usual = known();
    const count = (limits: object, percent: number): number => {
      const parsed = z.record(z.string(), deviationLimits).parse({ cpu: limits });
      const score = {
        value: 4,
        perChannel: Float32Array.of(3, 1),
        expected: Float32Array.of(-120, 0), // -590 %, which cannot be
      };
      const weigh = createWeighing(parsed, { streamId: 's', channels, scaler, usual });
      return weigh(windowAt(0, percent / 100), score);
    };
    expect(count({ direction: 'below' }, 5)).toBe(1);
    expect(count({ direction: 'above' }, 5)).toBe(0.25);
    expect(count({ direction: 'above' }, 25)).toBe(0.25); // within its range
    expect(count({ direction: 'above' }, 35)).toBe(1);
    expect(count({ minDeviation: 10 }, 35)).toBe(0.25);
    expect(count({ minDeviation: 10 }, 41)).toBe(1);
    expect(count({ minRelative: 0.5 }, 41)).toBe(0.25);
    expect(count({ minRelative: 0.5 }, 46)).toBe(1);
    expect(count({}, 25)).toBe(1);
  });

  it('names limits of a channel that does not exist', () => {
    expect(() => counting({ fan: {} })).toThrow(ConfigError);
    expect(() => counting({ fan: {} })).toThrow(
      "alert limits name fan, which stream 's' does not have: choose from cpu, disk",
    );
  });
});

describe('alert policy with limits', () => {
  const quick = { openCount: 1, openWithin: 1, closeAfter: 2, coolDownMs: 0 };
  const limited = (cpu: object) =>
    policy({ ...quick, channels: { cpu: deviationLimits.parse(cpu) } });

  it('opens no alert for a deviation to the other side, and closes one that is there', () => {
    // cpu reads 100 per ratio, 15 was expected: always above it
    expect(run(limited({ direction: 'below' }), times(20, 3))).toEqual([]);
    expect(run(limited({ direction: 'above' }), times(20, 3))).toHaveLength(1);
    const alerts = run(limited({ minDeviation: 200 }), [2.1, 2.2, 2, 2, 2]);
    expect(alerts).toMatchObject([{ state: 'opened', timeMs: 1000 }, { state: 'closed' }]);
  });

  it('opens one when the other channels have enough of the score by themselves', () => {
    const [opened] = run(limited({ direction: 'below' }), [4, 4.4]);
    expect(opened).toMatchObject({ state: 'opened', timeMs: 1000 });
    expect(opened?.score).toBeCloseTo(1.1, 6);
  });

  it('counts a share of the height above what is usual, not of the whole score', () => {
    const target = limited({ minDeviation: 1e9 }); // of cpu, which has three quarters of the score
    const score = { value: 12, perChannel: Float32Array.of(9, 3), expected: Float32Array.of(1, 0) };
    const verdict = { anomalous: true, level: 2, usual: 2 };
    const alerts = [0, 1, 2].flatMap(
      (row) => target.step(windowAt(1000 * row, 2), score, verdict) ?? [],
    );
    expect(alerts.map(({ state, score: ratio }) => [state, ratio])).toEqual([['opened', 1.25]]);
  });
});
