import { describe, expect, it } from 'vitest';
import { bestConstantLevel, openingsAt } from '../../../src/lab/judging/hindsight.ts';

const ROWS = 400;
const times = Float64Array.from({ length: ROWS }, (_, row) => row * 60_000);

/** Ordinary rows between 0 and 1, and runs of other heights. */
function scoresWith(...runs: readonly (readonly [start: number, end: number, height: number])[]) {
  const scores = Float64Array.from({ length: ROWS }, (_, row) => ((row * 37) % 100) / 100);
  for (const [start, end, height] of runs) scores.fill(height, start, end);
  return scores;
}

describe('openingsAt', () => {
  it('opens with the third row above the level, once while the alert lasts', () => {
    expect(openingsAt(scoresWith([100, 120, 5]), times, 2)).toEqual([102]);
  });

  it('opens anew when the alert before it was closed by quiet rows', () => {
    expect(openingsAt(scoresWith([100, 110, 5], [200, 210, 5]), times, 2)).toEqual([102, 202]);
  });
});

describe('bestConstantLevel', () => {
  const events = [
    { start: 100, end: 120 },
    { start: 200, end: 220 },
  ];

  it('lies below the lowest event where nothing else is as high', () => {
    const { caught, falseAlarms, level } = bestConstantLevel(
      scoresWith([100, 120, 9], [200, 220, 3]),
      times,
      events,
      0,
    );
    expect([caught, falseAlarms]).toEqual([2, 0]);
    expect(level).toBeLessThan(3);
    expect(level).toBeGreaterThan(0.6); // three of five ordinary rows are above .59
  });

  it('gives up an event that a false alarm stands above, unless one false alarm is allowed', () => {
    const scores = scoresWith([100, 120, 9], [200, 220, 3], [300, 320, 5]);
    expect(bestConstantLevel(scores, times, events, 0)).toMatchObject({
      caught: 1,
      falseAlarms: 0,
    });
    expect(bestConstantLevel(scores, times, events, 1)).toMatchObject({
      caught: 2,
      falseAlarms: 1,
    });
  });
});
