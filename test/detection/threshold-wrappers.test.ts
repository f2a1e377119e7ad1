import { describe, expect, it } from 'vitest';
import type { StoredThreshold } from '../../src/detection/threshold-plugin.ts';
import { withBudget } from '../../src/detection/threshold-wrappers.ts';
import { countingThreshold } from '../counting-threshold.ts';

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
