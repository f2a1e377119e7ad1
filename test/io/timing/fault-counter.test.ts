import { describe, expect, it } from 'vitest';
import { createFaultCounter } from '../../../src/io/timing/fault-counter.ts';

function counting() {
  const told: string[] = [];
  const clock = { nowMs: 0 };
  const faults = createFaultCounter(
    (message) => told.push(message),
    1000,
    () => clock.nowMs,
  );
  return { faults, told, clock };
}

describe('fault counter', () => {
  it('reports the first fault at once and the rest as a sum', () => {
    const { faults, told, clock } = counting();
    faults.count('first');
    faults.count('second');
    faults.count('third');
    expect(told).toEqual(['first']);
    clock.nowMs = 1000;
    faults.count('fourth');
    expect(told).toEqual(['first', 'fourth (and 2 more before it)']);
    faults.count('fifth');
    faults.flush();
    faults.flush();
    expect(told).toEqual(['first', 'fourth (and 2 more before it)', 'fifth']);
    expect(faults.total).toBe(5);
  });

  it('reports what waits when its time has come, though nothing more is counted', () => {
    const { faults, told, clock } = counting();
    faults.flushWhenDue();
    for (const fault of ['first', 'second', 'third']) faults.count(fault);
    clock.nowMs = 999;
    faults.flushWhenDue();
    expect(told).toEqual(['first']);
    clock.nowMs = 1000;
    faults.flushWhenDue();
    faults.flushWhenDue();
    expect(told).toEqual(['first', 'third (and 1 more before it)']);
  });
});
