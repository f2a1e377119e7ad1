import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  catchableUntil,
  matchOpenings,
  openingRows,
} from '../../../src/lab/evaluation/openings.ts';

const EVENTS = [
  { start: 10, end: 20 },
  { start: 40, end: 41 },
];

describe('matchOpenings', () => {
  it.each([
    ['a row before an event', 9, 0, 1],
    ['the first row of an event', 10, 1, 0],
    ['the last row of an event', 19, 1, 0],
    ['the fifth row after an event', 24, 1, 0],
    ['the sixth row after an event', 25, 0, 0],
    ['the fifteenth row after an event', 34, 0, 0],
    ['the sixteenth row after an event', 35, 0, 1],
    ['the only row of an event', 40, 1, 0],
  ])('counts an alert that opens in %s', (_, row, caught, falseAlarms) => {
    expect(matchOpenings(EVENTS, [row])).toMatchObject({ events: 2, caught, falseAlarms });
  });

  it('catches nothing with an alert that opened before and is still open', () => {
    expect(matchOpenings(EVENTS, [5])).toMatchObject({ caught: 0, falseAlarms: 1 });
  });

  it('catches each event once, by the first opening in it', () => {
    const { caught, falseAlarms, delays } = matchOpenings(EVENTS, [13, 17, 44]);
    expect([caught, falseAlarms, delays]).toEqual([2, 0, [3, 4]]);
  });

  it('gives an opening after one event and inside the next to the next', () => {
    const close = [
      { start: 10, end: 20 },
      { start: 22, end: 30 },
    ];
    expect(matchOpenings(close, [23])).toMatchObject({ caught: 1, delays: [1], falseAlarms: 0 });
  });

  it('says for each event which opening catches it', () => {
    expect(matchOpenings(EVENTS, [13, 17]).caughtAt).toEqual([13, undefined]);
    expect([0, 1].map((index) => catchableUntil(EVENTS, index))).toEqual([25, 46]);
  });

  it('finds the rows of openings that a grid has moved by less than half an interval', () => {
    const timeMs = Float64Array.of(1000, 2010, 2990, 4000);
    expect(openingRows([4100, 2000, 400], timeMs)).toEqual([0, 1, 3]);
    expect(openingRows([2995], timeMs)).toEqual([2]);
  });

  it('never finds more than there is', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(60), { maxLength: 20 }), (rows) => {
        const openings = rows.toSorted((a, b) => a - b);
        const { caught, falseAlarms } = matchOpenings(EVENTS, openings);
        expect(caught).toBeLessThanOrEqual(2);
        expect(caught + falseAlarms).toBeLessThanOrEqual(openings.length);
      }),
    );
  });
});
