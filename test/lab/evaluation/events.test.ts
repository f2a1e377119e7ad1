import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ShapeError } from '../../../src/core/errors.ts';
import { eventScores, matchEvents } from '../../../src/lab/evaluation/events.ts';
import { countMarked, labelsOf, segmentsOf } from '../../../src/lab/series/segments.ts';
import { labelsFrom } from './labels-from.ts';

const minutes = (rows: number): Float64Array =>
  Float64Array.from({ length: rows }, (_, i) => i * 60_000);

describe('segmentsOf', () => {
  it('is undone by labelsOf', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 60 }), (marks) => {
        const labels = Uint8Array.from(marks, Number);
        expect(labelsOf(segmentsOf(labels), labels.length)).toEqual(labels);
      }),
    );
  });

  it('cuts off what lies outside the rows', () => {
    expect(
      labelsOf(
        [
          { start: -2, end: 1 },
          { start: 3, end: 9 },
        ],
        4,
      ),
    ).toEqual(labelsFrom('1001'));
  });
});

describe('eventScores', () => {
  it('counts caught events, delays and alarms for nothing', () => {
    //                            0         1         2
    //                            0123456789012345678901234
    const labels = labelsFrom('   0000111110000011000000110'.trim());
    const predicted = labelsFrom('1100001100000110001000000'.padEnd(25, '0'));
    const found = eventScores(labels, predicted, minutes(25));
    expect(found).toMatchObject({ events: 3, caught: 2, falseAlarms: 2, delays: [2, 0] });
    expect(found.recall).toBeCloseTo(2 / 3, 12);
    expect(found.precision).toBeCloseTo(2 / 4, 12);
    expect(found.medianDelayRows).toBe(1);
    expect(found.medianDelayS).toBe(60);
    expect(found.falseAlarmsPerDay).toBeCloseTo((2 * 24 * 60) / 25, 9);
  });

  it('reads delays from the clock, not from the row number', () => {
    const found = eventScores(
      labelsFrom('0110'),
      labelsFrom('0010'),
      Float64Array.of(0, 1000, 8000, 9000),
    );
    expect(found.medianDelayS).toBe(7);
    expect(found.medianDelayRows).toBe(1);
  });

  it('lets a gap of the recording not dilute the false alarms', () => {
    const time = Float64Array.of(0, 1000, 2000, 90_000_000, 90_001_000);
    const found = eventScores(labelsFrom('00000'), labelsFrom('01000'), time);
    expect(found.falseAlarmsPerDay).toBeCloseTo(86_400 / 5, 6);
  });

  it('has no delay without a catch and no rate on one row', () => {
    const found = eventScores(labelsFrom('1'), labelsFrom('0'), Float64Array.of(0));
    expect(found.medianDelayRows).toBeUndefined();
    expect(found.falseAlarmsPerDay).toBeUndefined();
    expect(found.f1).toBe(0);
  });

  it('catches everything and rings once when the alarm never stops', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { minLength: 1, maxLength: 60 }), (marks) => {
        const labels = Uint8Array.from(marks, Number);
        const found = eventScores(
          labels,
          new Uint8Array(labels.length).fill(1),
          minutes(labels.length),
        );
        expect(found.caught).toBe(segmentsOf(labels).length);
        expect(found.falseAlarms).toBe(countMarked(labels) > 0 ? 0 : 1);
      }),
    );
  });

  it('refuses other lengths', () => {
    expect(() => eventScores(labelsFrom('01'), labelsFrom('0'), minutes(2))).toThrow(ShapeError);
    expect(() => eventScores(labelsFrom('01'), labelsFrom('00'), minutes(3))).toThrow(
      /2 labels but 3 times/,
    );
  });
});

describe('matchEvents', () => {
  it('treats ends as open: an alarm that starts where an event ends is false', () => {
    const found = matchEvents([{ start: 10, end: 20 }], [{ start: 20, end: 30 }]);
    expect(found).toMatchObject({ caught: 0, falseAlarms: 1 });
  });

  it('lets one long alarm catch several events', () => {
    const truth = [
      { start: 10, end: 12 },
      { start: 15, end: 18 },
    ];
    expect(matchEvents(truth, [{ start: 5, end: 16 }])).toMatchObject({
      caught: 2,
      falseAlarms: 0,
      precision: 1,
      recall: 1,
      delays: [0, 0],
    });
  });
});
