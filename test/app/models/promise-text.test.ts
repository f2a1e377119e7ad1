import { describe, expect, it } from 'vitest';
import { promiseText } from '../../../src/app/models/promise-text.ts';

describe('the promise of a stream', () => {
  it.each([
    [
      3,
      1,
      42 / 1440,
      'with 42 minutes of normal rows: about 3 false alarms a day instead of the 1 a day asked for; that takes 1 day of them',
    ],
    [1, 1, 1, 'with 1 day of normal rows: about 1 false alarm a day, as asked'],
    [0.14, 0.14, 8.04, 'with 8 days of normal rows: about 1 false alarm a week, as asked'],
    [
      0.5,
      0.1,
      0.25,
      'with 6 hours of normal rows: about 3.5 false alarms a week instead of the 3 a month asked for; that takes 10 days of them',
    ],
    [
      2.04,
      1,
      3,
      'with 3 days of normal rows: about 2 false alarms a day instead of the 1 a day asked for',
    ],
    [
      34.2,
      24,
      0.01,
      'with 14 minutes of normal rows: about 34 false alarms a day instead of the 24 a day asked for; that takes 60 minutes of them',
    ],
    [0.004, 0.01, 30, 'with 30 days of normal rows: about 1.5 false alarms a year, as asked'],
    [
      5,
      1,
      0,
      'with 0 minutes of normal rows: about 5 false alarms a day instead of the 1 a day asked for; that takes 1 day of them',
    ],
  ])(
    'of %d where %d are asked says it in words (#19)',
    (falseAlarmsPerDay, asked, seenDays, text) => {
      expect(promiseText({ falseAlarmsPerDay, asked, seenDays })).toBe(text);
    },
  );
});
