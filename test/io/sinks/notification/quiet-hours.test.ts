import { describe, expect, it } from 'vitest';
import {
  quietHours,
  quietHoursOptions,
} from '../../../../src/io/sinks/notification/quiet-hours.ts';

const at = (iso: string): number => Date.parse(iso);

function berlin(from: string, to: string) {
  const until = quietHours({ from, to, timeZone: 'Europe/Berlin' });
  return (iso: string): string | undefined => {
    const end = until(at(iso));
    return end === undefined ? undefined : new Date(end).toISOString();
  };
}

describe('quiet hours (#21)', () => {
  it('hold over midnight, by the clock of their zone', () => {
    const until = berlin('22:30', '07:00'); // CET, one hour ahead of UTC
    expect(until('2026-11-24T21:29:59Z')).toBeUndefined();
    expect(until('2026-11-24T21:30:00Z')).toBe('2026-11-25T06:00:00.000Z');
    expect(until('2026-11-25T02:12:34.567Z')).toBe('2026-11-25T06:00:00.000Z');
    expect(until('2026-11-25T05:59:59.999Z')).toBe('2026-11-25T06:00:00.000Z');
    expect(until('2026-11-25T06:00:00Z')).toBeUndefined();
  });

  it('hold within a day', () => {
    const until = berlin('13:00', '14:30');
    expect(until('2026-07-01T10:59:00Z')).toBeUndefined();
    expect(until('2026-07-01T11:00:00Z')).toBe('2026-07-01T12:30:00.000Z');
    expect(until('2026-07-01T12:30:00Z')).toBeUndefined();
  });

  it('end when the clock shows it in the nights in which it is moved', () => {
    const until = berlin('22:00', '07:00');
    expect(until('2026-03-28T22:00:00Z')).toBe('2026-03-29T05:00:00.000Z'); // to summer time
    expect(until('2026-10-24T21:00:00Z')).toBe('2026-10-25T06:00:00.000Z'); // and back
  });

  it('end after the hour that is left out, if they would have ended in it', () => {
    const end = berlin('22:00', '02:30')('2026-03-28T22:00:00Z') ?? '';
    expect(at(end)).toBeGreaterThanOrEqual(at('2026-03-29T01:00:00Z'));
    expect(at(end)).toBeLessThanOrEqual(at('2026-03-29T01:30:00Z'));
  });

  it('hold nothing at a time that no date can hold', () => {
    const until = quietHours({ from: '00:00', to: '23:59' });
    for (const timeMs of [1e18, -1e18, Number.NaN]) expect(until(timeMs)).toBeUndefined();
  });

  it.each([
    [{ from: '24:00', to: '07:00' }, 'HH:MM'],
    [{ from: '7:00', to: '08:00' }, 'HH:MM'],
    [{ from: '22:00', to: '22:00' }, 'another time'],
    [{ from: '22:00', to: '07:00', timeZone: 'Europe/Atlantis' }, 'Europe/Berlin'],
  ])('refuse %j', (options, expected) => {
    expect(quietHoursOptions.safeParse(options).error?.issues[0]?.message).toContain(expected);
  });
});
