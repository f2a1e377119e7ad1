import { describe, expect, it } from 'vitest';
import { detectTimeUnit, parseTime, timeTextFault } from '../../../src/io/text/time-text.ts';

const at = Date.UTC(2026, 10, 24, 12, 0, 3, 120);

/** In the unit that it seems to be in. */
function read(text: string): number | undefined {
  const unit = detectTimeUnit(text);
  return unit && parseTime(text, unit);
}

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
    expect(read(text)).toBe(expected);
  });

  it('tells units by size', () => {
    expect(read('1795521603')).toBe(1795521603000);
    expect(read('1795521603.25')).toBe(1795521603250);
    expect(read('1795521603120')).toBe(1795521603120);
    expect(read('1795521603120250')).toBe(1795521603120.25);
    expect(read('1795521603120250000')).toBe(1795521603120.25);
    expect(read('17')).toBe(17000);
  });

  it.each([
    '',
    'soon',
    '2026-13-01',
    '2026-02-30',
    '2025-02-29T12:00:00Z',
    '12:00',
    '24.11.2026',
    '2026-11-24T25:00:00Z',
    '9999-12-31',
    '1e400',
    '1e20',
  ])('does not read %j', (text) => {
    expect(read(text)).toBeUndefined();
  });

  it('reads the day that a leap year has', () => {
    expect(read('2028-02-29')).toBe(Date.UTC(2028, 1, 29));
  });

  it.each([
    [
      '1764470000000000000',
      'ms',
      'which looks like nanoseconds, expected milliseconds: divide it by 1e6',
    ],
    ['1764470000000', 's', 'which looks like milliseconds, expected seconds: divide it by 1e3'],
    ['1764470000000000', 's', 'which looks like microseconds, expected seconds: divide it by 1e6'],
    ['1e400', 's', 'expected seconds before the year 5138'],
    ['1e400', undefined, 'expected an ISO 8601 or Unix time before the year 5138'],
    ['2026-02-30', 'iso', 'expected a day that the calendar has'],
    ['2026-02-30', 's', 'expected a day that the calendar has'],
    ['9999-12-31', 'iso', 'expected an ISO 8601 time before the year 5138'],
    ['1700000000', 'iso', 'expected an ISO 8601 time'],
    ['soon', undefined, 'expected an ISO 8601 or Unix time'],
    ['soon', 'us', 'expected Unix time in us'],
  ] as const)('says what is wrong with %s in %s', (text, unit, fault) => {
    expect(timeTextFault(text, unit)).toBe(fault);
  });
});
