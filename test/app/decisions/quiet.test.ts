import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { isOpen, isOver } from '../../../src/app/decisions/quiet.ts';
import type { MaintenanceWindow } from '../../../src/core/decisions.ts';

// Weekly windows go by the zone of the process: one with summer time, and not that of most machines.
beforeAll(() => void vi.stubEnv('TZ', 'Europe/Berlin'));
afterAll(() => void vi.unstubAllEnvs());

const MINUTE_MS = 60_000;

function weekly(
  weekdays: readonly ('sun' | 'mon' | 'tue' | 'sat')[],
  time: string,
  minutes: number,
): MaintenanceWindow {
  return { id: 'w', begin: { weekdays, time }, minutes };
}

/** Local times as Unix milliseconds; the offset is written out, so that it is not the code that knows it. */
const at = (text: string): number => Date.parse(text);

describe('a weekly maintenance window', () => {
  const backup = weekly(['mon', 'tue'], '03:30', 45);

  it('is open on its days from its time on for its length', () => {
    expect(isOpen(backup, at('2026-11-23T03:29:59+01:00'))).toBe(false);
    expect(isOpen(backup, at('2026-11-23T03:30:00+01:00'))).toBe(true);
    expect(isOpen(backup, at('2026-11-23T04:14:59.999+01:00'))).toBe(true);
    expect(isOpen(backup, at('2026-11-23T04:15:00+01:00'))).toBe(false);
    expect(isOpen(backup, at('2026-11-24T03:30:00+01:00'))).toBe(true);
    expect(isOpen(backup, at('2026-11-25T03:30:00+01:00'))).toBe(false);
  });

  it('goes by the clock on the wall in summer and winter', () => {
    expect(isOpen(backup, at('2026-07-20T03:30:00+02:00'))).toBe(true);
    expect(isOpen(backup, at('2026-07-20T03:30:00+01:00'))).toBe(false);
  });

  it('reaches into the next days when it is long', () => {
    const night = weekly(['sat'], '22:00', 240);
    expect(isOpen(night, at('2026-11-22T01:59:00+01:00'))).toBe(true); // a Sunday
    expect(isOpen(night, at('2026-11-22T02:00:00+01:00'))).toBe(false);
    const week = weekly(['mon'], '12:00', 7 * 1440);
    expect(isOpen(week, at('2026-11-23T11:59:00+01:00'))).toBe(true); // since the Monday before
    const threeDays = weekly(['mon'], '12:00', 3 * 1440);
    expect(isOpen(threeDays, at('2026-11-26T11:59:00+01:00'))).toBe(true);
    expect(isOpen(threeDays, at('2026-11-26T12:00:00+01:00'))).toBe(false);
  });

  it('lasts as long as it says over a change of the clock', () => {
    // 2026-03-29 02:00 +01:00 becomes 03:00 +02:00
    const night = weekly(['sun'], '01:30', 60);
    expect(isOpen(night, at('2026-03-29T01:30:00+01:00'))).toBe(true);
    expect(isOpen(night, at('2026-03-29T03:29:00+02:00'))).toBe(true);
    expect(isOpen(night, at('2026-03-29T03:30:00+02:00'))).toBe(false);
  });

  it('is an hour later where summer time leaves its time out, and opens once where it comes twice', () => {
    const early = weekly(['sun'], '02:30', 30);
    expect(isOpen(early, at('2026-03-29T03:30:00+02:00'))).toBe(true);
    expect(isOpen(early, at('2026-03-29T03:10:00+02:00'))).toBe(false);
    expect(isOpen(early, at('2026-10-25T02:30:00+02:00'))).toBe(true);
    expect(isOpen(early, at('2026-10-25T02:30:00+01:00'))).toBe(false);
  });

  it('is never over', () => {
    expect(isOver(backup, at('2099-01-01T00:00:00Z'))).toBe(false);
  });
});

describe('a single maintenance window', () => {
  it('is open once, and then over', () => {
    const beginMs = at('2026-11-24T12:00:00Z');
    const once: MaintenanceWindow = { id: 'w', begin: { atMs: beginMs }, minutes: 10 };
    expect(isOpen(once, beginMs - 1)).toBe(false);
    expect(isOpen(once, beginMs)).toBe(true);
    expect(isOver(once, beginMs + 10 * MINUTE_MS - 1)).toBe(false);
    expect(isOpen(once, beginMs + 10 * MINUTE_MS)).toBe(false);
    expect(isOver(once, beginMs + 10 * MINUTE_MS)).toBe(true);
  });
});
