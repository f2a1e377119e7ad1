import { describe, expect, it } from 'vitest';
import { createBackOff } from '../../../src/io/timing/back-off.ts';

describe('back-off', () => {
  it('doubles up to the longest wait, for ever', () => {
    const backOff = createBackOff(100, 1000, () => 1);
    const waits = Array.from({ length: 2000 }, () => backOff.nextMs());
    expect(waits.slice(0, 5)).toEqual([100, 200, 400, 800, 1000]);
    expect(waits.at(-1)).toBe(1000);
    backOff.reset();
    expect(backOff.nextMs()).toBe(100);
  });

  it('spreads waits over their upper half', () => {
    expect(createBackOff(100, 1000, () => 0).nextMs()).toBe(50);
    expect(createBackOff(100, 1000, () => 0.5).nextMs()).toBe(75);
  });
});
