import { describe, expect, it } from 'vitest';
import { detectTimeUnit, parseTime } from '../../src/io/time-text.ts';

const at = Date.UTC(2026, 10, 24, 12, 0, 3, 120);

describe('time text', () => {
  it.each([
    ['2026-11-24T12:00:03.120Z', at],
    ['2026-11-24 12:00:03.120', at],
    ['2026-11-24 12:00:03,120', at],
    ['2026-11-24T14:00:03.120+02:00', at],
    ['2026-11-24T14:00:03.120+0200', at],
    ['2026-11-24', Date.UTC(2026, 10, 24)],
    ['2026-11-24 12:00', Date.UTC(2026, 10, 24, 12)],
  ])('reads %s, without a zone as UTC', (text, expected) => {
    expect(parseTime(text, detectTimeUnit(text))).toBe(expected);
  });

  it('tells seconds from milliseconds by size', () => {
    expect(parseTime('1795521603', detectTimeUnit('1795521603'))).toBe(1795521603000);
    expect(parseTime('1795521603.25', detectTimeUnit('1795521603.25'))).toBe(1795521603250);
    expect(parseTime('1795521603120', detectTimeUnit('1795521603120'))).toBe(1795521603120);
    expect(parseTime('17', detectTimeUnit('17'))).toBe(17000);
  });

  it.each(['', 'soon', '2026-13-01', '12:00', '24.11.2026', '2026-11-24T25:00:00Z'])(
    'does not read %j',
    (text) => {
      expect(parseTime(text, detectTimeUnit(text))).toBeUndefined();
    },
  );
});
