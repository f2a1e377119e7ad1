import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Alert } from '../../../../src/core/alert.ts';
import { createNotices, noticeOptions } from '../../../../src/io/sinks/notification/notices.ts';
import { alertOf } from '../../alerts.ts';

const schema = z.strictObject(noticeOptions);

/** The notices of each alert, in their order. */
function told(options: object, alerts: readonly Alert[]): (string | undefined)[] {
  const notices = createNotices(schema.parse(options));
  return alerts.map((alert) => {
    const notice = notices.of(alert);
    notices.done(alert);
    return notice;
  });
}

const info = { severity: 'info' } as const;
const warning = { severity: 'warning' } as const;
const critical = { severity: 'critical' } as const;

const LIFE = [
  alertOf('a', 'opened', info),
  alertOf('a', 'updated', info),
  alertOf('a', 'updated', warning),
  alertOf('a', 'updated', { ...warning, reminder: true }),
  alertOf('a', 'updated', warning),
  alertOf('a', 'updated', critical),
  alertOf('a', 'closed', critical),
];

describe('news of alerts (#21)', () => {
  it('are by default what people act on', () => {
    const none = undefined;
    expect(told({}, LIFE)).toEqual(['opened', none, 'worse', 'reminder', none, 'worse', 'closed']);
  });

  it('are only those that are wanted', () => {
    expect(told({ states: ['closed'] }, LIFE).filter(Boolean)).toEqual(['closed']);
    expect(told({ states: ['opened', 'updated'] }, LIFE).filter(Boolean)).toEqual([
      ...['opened', 'updated', 'updated'],
    ]);
  });

  it('begin when the severity is enough, and end with what was told', () => {
    expect(told({ minSeverity: 'warning' }, LIFE).slice(0, 4)).toEqual([
      ...[undefined, undefined, 'opened', 'reminder'],
    ]);
    const mild = [alertOf('b', 'opened', info), alertOf('b', 'closed', info)];
    expect(told({ minSeverity: 'warning' }, mild)).toEqual([undefined, undefined]);
    const calmed = [alertOf('c', 'opened', critical), alertOf('c', 'closed', info)];
    expect(told({ minSeverity: 'warning' }, calmed)).toEqual(['opened', 'closed']);
  });

  it('are sent once more rather than never when it is unknown what was told', () => {
    expect(told({}, [alertOf('a', 'updated', info)])).toEqual(['opened']);
  });
});

describe('quiet hours of a sink (#21)', () => {
  const quietHours = { from: '22:00', to: '07:00', timeZone: 'UTC' };
  const night = Date.UTC(2026, 10, 24, 23);
  const morning = Date.UTC(2026, 10, 25, 7);
  const { holding, pause } = createNotices(schema.parse({ quietHours }));

  it('let critical alerts through and hold others, of the night and of an evening without network', () => {
    const late = alertOf('a', 'opened', { ...warning, timeMs: night });
    expect(holding.dueMs(late, night)).toBe(morning);
    expect(holding.dueMs(late, morning + 1)).toBe(morning);
    expect(holding.dueMs({ ...late, ...critical }, night)).toBeUndefined();
    const early = { ...late, timeMs: Date.UTC(2026, 10, 24, 20) };
    expect(holding.dueMs(early, night)).toBe(morning);
    expect(holding.dueMs(early, morning)).toBeUndefined();
  });

  it('have what was held covered only by news that is sent', () => {
    const opened = alertOf('a', 'opened', info);
    expect(holding.covers(alertOf('a', 'closed', info), opened)).toBe(true);
    expect(holding.covers(alertOf('a', 'updated', info), opened)).toBe(false);
    expect(holding.covers(alertOf('a', 'updated', warning), opened)).toBe(true);
    const few = createNotices(schema.parse({ states: ['opened'], minSeverity: 'warning' }));
    expect(few.holding.covers(alertOf('a', 'closed', critical), opened)).toBe(false);
  });

  it('give way to a pause that the receiver asks for', () => {
    pause(night + 5000);
    expect(holding.dueMs(alertOf('a', 'opened', critical), night)).toBe(night + 5000);
    expect(holding.dueMs(alertOf('a', 'opened', critical), night + 5000)).toBeUndefined();
  });
});
