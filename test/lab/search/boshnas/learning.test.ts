import { describe, expect, it } from 'vitest';
import { scoresOf } from '../../../../src/lab/search/boshnas/learning.ts';

describe('scores', () => {
  it('are logits of shares, whatever the values', () => {
    const found = scoresOf([3, -1000, 3.001]);
    expect(found[0]).toBe(0);
    expect(found[1]).toBeCloseTo(Math.log(1 / 5), 12);
    expect(found[2]).toBeCloseTo(Math.log(5), 12);
  });

  it('are the same for equal values, and finite for one', () => {
    expect([...scoresOf([2, 2, 2])]).toEqual([0, 0, 0]);
    expect([...scoresOf([7])]).toEqual([0]);
  });
});
