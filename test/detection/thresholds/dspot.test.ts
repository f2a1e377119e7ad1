import { describe, expect, it } from 'vitest';
import { CalibrationError } from '../../../src/core/errors.ts';
import type { StoredThreshold } from '../../../src/detection/threshold-plugin.ts';
import { dspot } from '../../../src/detection/thresholds/dspot.ts';
import { pot } from '../../../src/detection/thresholds/pot.ts';
import { createRandom } from '../../../src/engine/random.ts';
import { THRESHOLD_CONTEXT } from '../../threshold-context.ts';

function create(options: Record<string, unknown> = {}) {
  return dspot.create(dspot.options.parse(options), THRESHOLD_CONTEXT);
}

function scores(seed: number, count: number, levelAt: (i: number) => number): Float64Array {
  const random = createRandom(seed);
  return Float64Array.from({ length: count }, (_, i) => levelAt(i) + Math.abs(random.normal()));
}

function alarmsOf(threshold: StoredThreshold, stream: Float64Array): number {
  let alarms = 0;
  for (const score of stream) {
    if (threshold.judge(score).anomalous) alarms++;
    else threshold.learn(score);
  }
  return alarms;
}

describe('dspot', () => {
  it('falls with the scores, where pot stays blind', () => {
    const normal = scores(1, 1000, () => 10);
    const drift = scores(2, 3000, (i) => 10 - i / 300);
    const still = pot.create(pot.options.parse({}), THRESHOLD_CONTEXT);
    const following = create();
    still.fit(normal);
    following.fit(normal);
    expect(alarmsOf(following, drift)).toBeLessThan(3);
    expect(alarmsOf(still, drift)).toBeLessThan(3);
    expect(following.judge(8).anomalous).toBe(true);
    expect(still.judge(8).anomalous).toBe(false);
  });

  it('rises with the scores', () => {
    const threshold = create();
    threshold.fit(scores(1, 1000, () => 10));
    expect(
      alarmsOf(
        threshold,
        scores(2, 3000, (i) => 10 + i / 100),
      ),
    ).toBeLessThan(3);
    expect(threshold.judge(39).anomalous).toBe(false);
    expect(threshold.judge(60).anomalous).toBe(true);
  });

  it('still alarms at a peak over the drifting level', () => {
    const threshold = create();
    threshold.fit(scores(1, 1000, (i) => 10 + i / 100));
    const { level } = threshold.judge(20.5);
    expect(level).toBeGreaterThan(21);
    expect(level).toBeLessThan(30);
    expect(threshold.judge(31).anomalous).toBe(true);
  });

  it('sets the level above the mean of the last depth normal scores', () => {
    const threshold = create({ depth: 3 });
    threshold.fit(scores(3, 500, () => 5));
    const before = threshold.judge(0).level;
    const { recent } = threshold.state() as { recent: number[] };
    expect(recent.length).toBe(3);
    for (const score of recent.map((value) => value - 1)) threshold.learn(score);
    expect(threshold.judge(0).level).toBeCloseTo(before - 1, 1);
  });

  it('needs depth + 11 scores', () => {
    expect(() => create({ depth: 60 }).fit(new Float64Array(70).fill(1))).toThrow(CalibrationError);
    expect(() => create({ depth: 60 }).fit(new Float64Array(70).fill(1))).toThrow(/at least 71/);
    const threshold = create({ depth: 60 });
    threshold.fit(new Float64Array(71).fill(1));
    expect(threshold.judge(0).level).toBe(2);
  });

  it('refuses the stored state of another kind', () => {
    const other = pot.create(pot.options.parse({}), THRESHOLD_CONTEXT);
    other.fit(scores(4, 100, () => 0));
    expect(() => create().restore(other.state())).toThrow(CalibrationError);
    expect(() => create().restore({ recent: [1], tail: {} })).toThrow(CalibrationError);
  });
});
