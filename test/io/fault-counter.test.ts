import { describe, expect, it } from 'vitest';
import { createFaultCounter } from '../../src/io/fault-counter.ts';

describe('fault counter', () => {
  it('reports the first fault at once and the rest as a sum', () => {
    const told: string[] = [];
    let nowMs = 0;
    const faults = createFaultCounter(
      (message) => told.push(message),
      1000,
      () => nowMs,
    );
    faults.count('first');
    faults.count('second');
    faults.count('third');
    expect(told).toEqual(['first']);
    nowMs = 1000;
    faults.count('fourth');
    expect(told).toEqual(['first', 'fourth (and 2 more before it)']);
    faults.count('fifth');
    faults.flush();
    faults.flush();
    expect(told).toEqual(['first', 'fourth (and 2 more before it)', 'fifth']);
    expect(faults.total).toBe(5);
  });
});
