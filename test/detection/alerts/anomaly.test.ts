import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Gathering } from '../../../src/detection/alerts/anomaly.ts';

function peak(ratio: number) {
  return { ratio, channels: [], imputed: 0, agreement: 'far' as const };
}

describe('gathering', () => {
  it('answers exactly when N of the last M rows are anomalous', () => {
    fc.assert(
      fc.property(
        fc.array(fc.boolean(), { maxLength: 40 }),
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 0, max: 4 }),
        (rows, openCount, more) => {
          const openWithin = openCount + more;
          const target = new Gathering({
            openCount,
            openWithin,
            minDurationMs: 0,
            withinRangesAt: 0,
          });
          for (const [i, anomalous] of rows.entries()) {
            const anomaly = target.push(i, anomalous ? peak(2) : undefined);
            const recent = rows.slice(Math.max(0, i + 1 - openWithin), i + 1);
            expect(anomaly !== undefined).toBe(recent.filter(Boolean).length >= openCount);
          }
        },
      ),
    );
  });

  it('starts at the first row that made it one, and keeps its highest peak', () => {
    const target = new Gathering({
      openCount: 2,
      openWithin: 2,
      minDurationMs: 3000,
      withinRangesAt: 0,
    });
    const ratios = [undefined, 7, 2, 2, 2];
    const answers = ratios.map((ratio, i) =>
      target.push(i * 1000, ratio ? peak(ratio) : undefined),
    );
    expect(answers.slice(0, 4)).toEqual([undefined, undefined, undefined, undefined]);
    expect(answers[4]).toEqual({ startMs: 1000, peak: peak(7), latest: 2 });
  });

  it('forgets an anomaly that dissolves before it has lasted', () => {
    const target = new Gathering({
      openCount: 1,
      openWithin: 1,
      minDurationMs: 2000,
      withinRangesAt: 0,
    });
    target.push(0, peak(9));
    target.push(1000, undefined);
    target.push(2000, peak(2));
    target.push(3000, peak(2));
    expect(target.push(4000, peak(2))).toEqual({ startMs: 2000, peak: peak(2), latest: 2 });
  });

  it('forgets everything when cleared', () => {
    const target = new Gathering({
      openCount: 2,
      openWithin: 5,
      minDurationMs: 0,
      withinRangesAt: 0,
    });
    target.push(0, peak(2));
    target.clear();
    expect(target.push(1000, peak(2))).toBeUndefined();
  });
});
