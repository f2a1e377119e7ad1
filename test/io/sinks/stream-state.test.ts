import { describe, expect, it } from 'vitest';
import { scorePace } from '../../../src/io/sinks/stream-state.ts';
import { scoreAt } from '../store/open-store.ts';

const DAY_S = 86_400;

describe('the pace of scores', () => {
  it('makes at most 8,640 rows a day of a stream that is scored each second', () => {
    let nowMs = 0;
    const pace = scorePace(10, () => nowMs);
    let sent = 0;
    for (let second = 0; second < DAY_S; second += 1) {
      nowMs = second * 1000;
      if (pace.isDue(scoreAt(nowMs, 0.1))) sent += 1;
    }
    expect(sent).toBe(8640);
  });

  it('counts a score that was sent at once, so that alerts add few', () => {
    let nowMs = 0;
    const pace = scorePace(10, () => nowMs);
    expect(pace.isDue(scoreAt(0, 0.1))).toBe(true);
    expect(pace.held('motor')).toBeUndefined();
    nowMs = 9000;
    expect(pace.isDue(scoreAt(nowMs, 1.2))).toBe(false);
    expect(pace.held('motor')).toMatchObject({ score: 1.2 });
    expect(pace.held('motor')).toBeUndefined();
    nowMs = 12_000;
    expect(pace.isDue(scoreAt(nowMs, 0.3))).toBe(false);
    expect(pace.isDue(scoreAt(nowMs, 0.3, 'pump'))).toBe(true);
    nowMs = 19_000;
    expect(pace.isDue(scoreAt(nowMs, 0.4))).toBe(true);
    expect(pace.held('motor')).toBeUndefined();
  });
});
