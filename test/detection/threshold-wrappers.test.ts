import { describe, expect, it } from 'vitest';
import type { StoredThreshold } from '../../src/detection/threshold-plugin.ts';
import { withBudget, withFloor } from '../../src/detection/threshold-wrappers.ts';
import { thresholds } from '../../src/detection/thresholds/index.ts';
import { createRandom } from '../../src/engine/random.ts';
import { countingThreshold } from '../counting-threshold.ts';
import { THRESHOLD_CONTEXT } from '../threshold-context.ts';

const random = createRandom(7);
const normal = Float64Array.from({ length: 400 }, () => random.uniform());

describe.each([...thresholds.values()])('threshold $kind with a floor', ({ options, create }) => {
  const made = () => create(options.parse({}), THRESHOLD_CONTEXT);

  it('never rings below the floor and follows it', () => {
    let floor = 0;
    const threshold = withFloor(made(), () => floor);
    threshold.fit(normal);
    const { level, usual = 0 } = threshold.judge(0);
    expect(threshold.judge(usual + level * 3)).toMatchObject({ anomalous: true, level });
    floor = level * 3;
    expect(threshold.judge(usual + level * 2.999)).toMatchObject({
      anomalous: false,
      level: level * 3,
    });
    expect(threshold.judge(usual + level * 3.001).anomalous).toBe(true);
    floor = 0;
    expect(threshold.judge(usual + level * 3).anomalous).toBe(true);
  });

  it('takes nothing up to the floor for unseen (#19)', () => {
    let floor = 0;
    const threshold = withFloor(made(), () => floor);
    threshold.fit(normal);
    for (const score of normal) threshold.learn(score);
    const { level, usual = 0 } = threshold.judge(0);
    for (let row = 0; row < 5; row++) threshold.reject(usual + 3 * level, 'anomalous');
    const beyond = () => threshold.judge(usual + 3 * level).beyondSeen;
    const before = beyond();
    floor = 2 * level;
    expect(beyond()).toBe(before && Math.min(before, 1.5));
  });

  it('promises what the threshold without it does', () => {
    expect(withFloor(countingThreshold(2), () => 5).promise?.()).toMatchObject({ asked: 2 });
  });

  it('has the state of the threshold without it', () => {
    const plain = made();
    const floored = withFloor(made(), () => 5);
    for (const one of [plain, floored]) {
      one.fit(normal);
      for (const score of normal) one.learn(score);
      one.reject(9, 'anomalous');
    }
    expect(floored.state()).toEqual(plain.state());
    const restored = made();
    restored.restore(JSON.parse(JSON.stringify(floored.state())));
    expect(restored.judge(0).level).toBe(plain.judge(0).level);
  });
});

describe('a threshold with a budget', () => {
  it('is set for the budget of the moment and keeps what it has learnt (#19)', () => {
    const made: StoredThreshold[] = [];
    let budget = 1;
    const threshold = withBudget(
      (falseAlarmsPerDay, learnt) => {
        const one = countingThreshold(falseAlarmsPerDay, learnt);
        made.push(one);
        return one;
      },
      () => budget,
      { scores: [1, 2] },
    );
    threshold.learn(3);
    expect(threshold.judge(0).level).toBe(3);
    expect(threshold.promise?.()).toMatchObject({ asked: 1 });
    budget = 2;
    expect(threshold.judge(0).level).toBe(2);
    expect(threshold.promise?.()).toMatchObject({ asked: 2 });
    threshold.learn(5);
    expect(threshold.state()).toEqual({ scores: [1, 2, 3, 5] });
    expect(made).toHaveLength(2);
  });
});
