import { describe, expect, it } from 'vitest';
import { retrainOptions } from '../../../src/app/config/retrain-options.ts';
import { dueFor } from '../../../src/app/retraining/schedule.ts';

const HOUR_MS = 3_600_000;
const situation = (hours: number, drifted = false) => ({
  nowMs: hours * HOUR_MS,
  trainedMs: 0,
  drifted,
  accepted: false,
  keptMs: HOUR_MS / 2,
  learntMs: HOUR_MS / 2,
});

describe('training without being asked', () => {
  it('happens at once when a new level was accepted (#21)', () => {
    const options = retrainOptions.parse({ firstDays: false });
    expect(dueFor(options, { ...situation(0.1), accepted: true })).toBe('accepted');
  });

  it('does not happen by the clock or after a drift by default', () => {
    const options = retrainOptions.parse({});
    expect(dueFor(options, situation(1e5, true))).toBeUndefined();
  });

  it('happens in the first days whenever rows cover four times as long as was learnt, until they fill what is kept (#19)', () => {
    const options = retrainOptions.parse({});
    let learntMs = HOUR_MS / 2;
    const hours: number[] = [];
    for (let hour = 0.25; hour <= 240; hour += 0.25) {
      const keptMs = HOUR_MS * Math.min(24, hour);
      const due = dueFor(options, { ...situation(hour), keptMs, learntMs });
      if (due === undefined) continue;
      expect(due).toBe('wider');
      learntMs = keptMs;
      hours.push(hour);
    }
    expect(hours).toEqual([2, 8, 23]);
  });

  it('does not happen in the first days where that is turned off, or a lesson is nearly all that is kept', () => {
    const later = { ...situation(100), keptMs: 24 * HOUR_MS };
    expect(dueFor(retrainOptions.parse({ firstDays: false }), later)).toBeUndefined();
    const long = { ...later, learntMs: 20 * HOUR_MS };
    expect(dueFor(retrainOptions.parse({}), long)).toBeUndefined();
  });

  it('happens when the time has come', () => {
    const options = retrainOptions.parse({ everyHours: 24 });
    expect(dueFor(options, situation(23.9, true))).toBeUndefined();
    expect(dueFor(options, situation(24))).toBe('schedule');
  });

  it('happens after a drift, and not again at once', () => {
    const options = retrainOptions.parse({ afterDrift: true });
    expect(dueFor(options, situation(5.9, true))).toBeUndefined();
    expect(dueFor(options, situation(6, true))).toBe('drift');
    expect(dueFor(options, situation(1000, false))).toBeUndefined();
  });

  it('does not happen while a clock is behind', () => {
    expect(dueFor(retrainOptions.parse({ everyHours: 1 }), situation(-1000))).toBeUndefined();
  });
});
