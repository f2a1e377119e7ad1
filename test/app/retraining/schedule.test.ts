import { describe, expect, it } from 'vitest';
import { retrainOptions } from '../../../src/app/retraining/retrain-options.ts';
import { dueFor } from '../../../src/app/retraining/schedule.ts';

const HOUR_MS = 3_600_000;
const situation = (hours: number, drifted = false) => ({
  nowMs: hours * HOUR_MS,
  trainedMs: 0,
  drifted,
});

describe('training without being asked', () => {
  it('does not happen by default', () => {
    const options = retrainOptions.parse({});
    expect(dueFor(options, situation(1e5, true))).toBeUndefined();
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
