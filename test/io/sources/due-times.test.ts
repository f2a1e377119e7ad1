import { describe, expect, it } from 'vitest';
import { dueTimes } from '../../../src/io/sources/due-times.ts';

/** A wall clock that can be set. */
function settableClock() {
  let offsetMs = 1_700_000_000_000 - performance.now();
  return {
    now: () => offsetMs + performance.now(),
    set: (byMs: number) => {
      offsetMs += byMs;
    },
  };
}

describe('due times', () => {
  it('are the multiples of the interval, each told when it has come', async () => {
    const clock = settableClock();
    const seen: number[] = [];
    for await (const dueMs of dueTimes(20, new AbortController().signal, clock)) {
      expect(dueMs % 20).toBe(0);
      expect(clock.now()).toBeGreaterThanOrEqual(dueMs);
      if (seen.push(dueMs) === 3) break;
    }
    expect((seen[2] ?? 0) - (seen[0] ?? 0)).toBeGreaterThanOrEqual(40); // those that a busy machine missed are left out
  });

  it('are told later when a delay is asked for', async () => {
    const clock = settableClock();
    const options = { delayMs: 30, now: clock.now };
    for await (const dueMs of dueTimes(20, new AbortController().signal, options)) {
      expect(clock.now()).toBeGreaterThanOrEqual(dueMs + 30);
      break;
    }
  });

  it.each([-3_600_000, 3_600_000])('go on at once when the clock is set by %i ms', async (byMs) => {
    const clock = settableClock();
    const seen: number[] = [];
    for await (const dueMs of dueTimes(20, new AbortController().signal, clock)) {
      seen.push(dueMs);
      if (seen.length === 2) clock.set(byMs);
      if (seen.length === 4) break;
    }
    expect(Math.abs((seen[3] ?? 0) - (seen[1] ?? 0) - byMs)).toBeLessThan(60_000);
  });

  it('end when the signal aborts, also while waiting', async () => {
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 20);
    const seen: number[] = [];
    for await (const dueMs of dueTimes(86_400_000, stop.signal)) seen.push(dueMs);
    expect(seen).toEqual([]);
  });
});
