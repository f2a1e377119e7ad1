import { describe, expect, it } from 'vitest';
import { createOpenAlerts } from '../../../src/io/sinks/stream-state.ts';
import { alertPayload, isoTime } from '../../../src/io/text/alert-payload.ts';
import { alertOf } from '../alerts.ts';

describe('alert payload', () => {
  it.each([
    [1e18, '+275760-09-13T00:00:00.000Z'],
    [-1e18, '-271821-04-20T00:00:00.000Z'],
    [Number.NaN, '+275760-09-13T00:00:00.000Z'],
  ])('can be written of a time that no Date holds: %d (#18)', (timeMs, written) => {
    expect(alertPayload({ ...alertOf('01J'), timeMs }).ts).toBe(written);
  });

  it('says what happened, since when, how bad and because of what', () => {
    expect(alertPayload(alertOf('01J'))).toEqual({
      schema: 1,
      event_type: 'opened',
      kind: 'anomaly',
      id: '01J',
      stream: 'motor',
      severity: 'warning',
      ts: '2026-11-24T12:00:42.000Z',
      start: '2026-11-24T12:00:00.000Z',
      end: null,
      duration_s: 42,
      score: 1.83,
      threshold: 1,
      peak: 2.4,
      level: 0.031,
      message: 'Vibration 9.1 mm/s, expected 3.2, for 42 s',
      attribution: [
        { channel: 'vibration', share: 0.72, value: 9.1, expected: 3.2, unit: 'mm/s' },
        { channel: 'current', share: 0.28, value: null, expected: null, unit: 'A' },
      ],
      imputed: 0.05,
      model: '0123456789abcdef',
    });
  });

  it('says what opened it, and how far that is beyond what was seen (#19)', () => {
    const evidence = { path: 'score', beyondSeen: 2.3456789 } as const;
    expect(alertPayload(alertOf('01J', 'opened', { evidence })).evidence).toEqual({
      path: 'score',
      beyond_seen: 2.34568,
    });
    expect(
      alertPayload(alertOf('01J', 'opened', { evidence: { path: 'limit' } })).evidence,
    ).toEqual({ path: 'limit' });
  });

  it('says what is usual, what is wrong now, and which processes do it, where that is known (#21)', () => {
    const usual = { low: 0, high: 3.99999999 };
    const [first] = alertOf('01J').channels;
    const channels = first ? [{ ...first, usual }] : [];
    const processes = [{ name: 'dd', pid: 412, share: 0.87432111 }];
    expect(
      alertPayload(alertOf('01J', 'updated', { channels, now: channels, processes })),
    ).toMatchObject({
      message: 'Vibration 9.1 mm/s, normally under 4, for 42 s, mostly by dd (pid 412, 87 %)',
      attribution: [{ channel: 'vibration', usual: { low: 0, high: 4 } }],
      now: [{ channel: 'vibration', value: 9.1 }],
      processes: [{ name: 'dd', pid: 412, share: 0.874321 }],
    });
  });

  it('says when it ended and how long it took', () => {
    const closed = alertOf('01J', 'closed');
    const late = { ...closed, timeMs: closed.timeMs + 5000 };
    expect(alertPayload(late)).toMatchObject({
      event_type: 'closed',
      ts: '2026-11-24T12:00:47.000Z',
      end: '2026-11-24T12:00:42.000Z',
      duration_s: 42,
    });
  });
});

describe('a time in a payload', () => {
  it.each([
    [0, '1970-01-01T00:00:00.000Z'],
    [8.64e15, '+275760-09-13T00:00:00.000Z'],
    [1e18, '+275760-09-13T00:00:00.000Z'],
    [Number.POSITIVE_INFINITY, '+275760-09-13T00:00:00.000Z'],
    [Number.NaN, '+275760-09-13T00:00:00.000Z'],
    [-1e300, '-271821-04-20T00:00:00.000Z'],
  ])('of %d ms is one that a date can hold', (timeMs, text) => {
    expect(isoTime(timeMs)).toBe(text);
  });
});

describe('open alerts', () => {
  it('is OFF without any', () => {
    expect(createOpenAlerts().state('motor')).toEqual({
      state: 'OFF',
      severity: null,
      kind: null,
      score: null,
      since: null,
      alert: null,
      channel: null,
      message: null,
    });
  });

  it('shows the gravest, then the oldest, until the last is closed', () => {
    const open = createOpenAlerts();
    const young = alertOf('young', 'opened', { startMs: Date.UTC(2026, 10, 25) });
    open.take(young);
    open.take(alertOf('old'));
    expect(open.state('motor')).toMatchObject({
      ...{ state: 'ON', alert: 'old', message: 'Vibration 9.1 mm/s, expected 3.2, for 42 s' },
    });
    open.take({ ...young, state: 'updated', severity: 'critical', kind: 'stuck' });
    expect(open.state('motor')).toMatchObject({
      alert: 'young',
      severity: 'critical',
      kind: 'stuck',
    });
    open.take(alertOf('young', 'closed'));
    expect(open.state('motor')).toMatchObject({ state: 'ON', alert: 'old', score: 1.83 });
    open.take(alertOf('other', 'opened', { streamId: 'pump' }));
    open.take(alertOf('old', 'closed'));
    expect(open.state('motor').state).toBe('OFF');
    expect([...open.streamIds()]).toEqual(['motor', 'pump']);
  });
});
