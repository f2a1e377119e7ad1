import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openDecided } from '../../../src/app/decisions/decided.ts';
import type { Alert } from '../../../src/core/alert.ts';
import { alertOf } from '../../io/alerts.ts';
import { open } from '../../io/store/open-store.ts';
import { data, objection } from '../commands/control.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from './freezer.ts';
import { household, type Machine } from './household.ts';

// What recurs goes by the clock of the device: one with summer time, and not the zone of most machines.
beforeAll(() => void vi.stubEnv('TZ', 'Europe/Berlin'));
afterAll(() => void vi.unstubAllEnvs());

const CHANNELS = alertOf('any').channels;
const DISK = [{ id: 'disk', unit: 'MB/s', share: 1, value: 90, expected: 10 }];

interface Event {
  readonly minutes?: number;
  readonly channels?: Alert['channels'];
  readonly peak?: number;
  readonly streamId?: string;
  readonly kind?: Alert['kind'];
}

/** A store, and events that leave an alert in it. */
function scene() {
  const opened = open();
  const clock = { nowMs: 0 };
  let decided = openDecided(opened.store, () => clock.nowMs);
  let count = 0;
  const save = (alert: Alert): Alert => {
    const kept = decided.muted(alert);
    opened.store.addAlert(kept, []);
    return kept;
  };
  /** Whether any state was sent; else of which routine it is. */
  const event = (text: string | number, settings: Event = {}): string => {
    const {
      minutes = 10,
      channels = CHANNELS,
      peak = 2.4,
      streamId = 'motor',
      kind = 'anomaly',
    } = settings;
    const startMs = typeof text === 'number' ? text : Date.parse(text);
    const endMs = startMs + minutes * MINUTE_MS;
    clock.nowMs = endMs;
    count += 1;
    const common = { startMs, channels, peak, streamId, kind };
    const first = save(alertOf(`a${count}`, 'opened', { ...common, timeMs: startMs + 5000 }));
    const last = save(alertOf(`a${count}`, 'closed', { ...common, timeMs: endMs, endMs }));
    const isSent = [first, last].some(({ silenced }) => !silenced);
    return isSent ? 'sent' : (first.routine ?? first.normal ?? 'silenced');
  };
  return {
    ...{ store: opened.store, clock, event, save },
    decided: () => decided,
    restart() {
      decided = openDecided(opened.store, () => clock.nowMs);
    },
  };
}

describe('an alert that comes back (#21)', () => {
  it('is a routine from the third day on, however its minutes change, over restarts too', () => {
    const { event, restart } = scene();
    const minutes = ['06:00', '06:12', '05:51', '06:14', '05:49', '06:05', '06:19'];
    const told = minutes.map((time, day) => {
      if (day === 4) restart();
      return event(`2026-11-0${day + 2}T${time}:00+01:00`);
    });
    expect(told).toEqual(['sent', 'sent', ...new Array(5).fill('motor-daily-0551')]);
  });

  it('may be missed a day, drift along, and is forgotten after three missed days', () => {
    const { event, decided } = scene();
    const on = (day: number, time: string) =>
      event(`2026-11-${String(day).padStart(2, '0')}T${time}:00+01:00`);
    expect([on(2, '06:00'), on(4, '06:10'), on(5, '06:20')]).toEqual([
      'sent',
      'sent',
      'motor-daily-0620',
    ]);
    expect([on(6, '06:34'), on(8, '06:48'), on(11, '07:01')]).toEqual(
      new Array(3).fill('motor-daily-0620'),
    );
    expect(on(15, '07:01')).toBe('sent');
    expect(decided().routines.list()).toHaveLength(1);
    expect(event('2026-12-20T12:00:00+01:00')).toBe('sent');
    expect(decided().routines.list()).toEqual([]);
  });

  it('is weekly after three weeks', () => {
    const { event } = scene();
    const weeks = ['11-01', '11-08', '11-15', '11-29'].map((day) =>
      event(`2026-${day}T03:00:00+01:00`),
    );
    expect(weeks).toEqual(['sent', 'sent', 'motor-weekly-0300', 'motor-weekly-0300']);
    expect(event('2026-12-02T03:00:00+01:00')).toBe('sent');
  });

  it.each([
    [
      'to summer time',
      ['03-26', '03-27', '03-28', '03-29', '03-30'],
      ['+01', '+01', '+01', '+02', '+02'],
    ],
    [
      'from summer time',
      ['10-22', '10-23', '10-24', '10-25', '10-26'],
      ['+02', '+02', '+02', '+01', '+01'],
    ],
  ])('goes by the clock on the wall %s, and a timer by its own', (_, days, zones) => {
    const wall = scene();
    const texts = days.map((day, i) => `2026-${day}T06:00:00${zones[i]}:00`);
    expect(texts.map((text) => wall.event(text))).toEqual([
      'sent',
      'sent',
      ...new Array(3).fill('motor-daily-0600'),
    ]);
    const timer = scene();
    const startMs = Date.parse(texts[0] ?? '');
    const told = texts.map((_text, day) => timer.event(startMs + day * DAY_MS));
    expect(told.slice(2)).toEqual(new Array(3).fill('motor-daily-0600'));
    expect(told.slice(0, 2)).toEqual(['sent', 'sent']);
  });

  it('is sent when it is much stronger, blames another channel, or comes at another hour', () => {
    const { event } = scene();
    const on = (day: number, time: string, settings?: Event) =>
      event(`2026-11-0${day}T${time}:00+01:00`, settings);
    for (const day of [2, 3, 4]) on(day, '06:00');
    expect(on(5, '06:00', { peak: 2.4 * 1.4 })).toBe('motor-daily-0600');
    expect(on(6, '06:00', { peak: 2.4 * 1.6 })).toBe('sent');
    expect(on(7, '06:00', { channels: [...DISK, ...CHANNELS] })).toBe('sent');
    expect(on(7, '12:00')).toBe('sent');
    expect(on(8, '06:00', { streamId: 'pump' })).toBe('sent');
  });

  it('is one of two at the same hour, each by itself and both at once', () => {
    const { event, decided } = scene();
    for (const day of [2, 3, 4]) {
      event(`2026-11-0${day}T06:00:00+01:00`);
      event(`2026-11-0${day}T06:15:00+01:00`, { channels: DISK });
    }
    expect(
      decided()
        .routines.list()
        .map(({ id }) => id),
    ).toEqual(['motor-daily-0600', 'motor-daily-0615']);
    expect(event('2026-11-05T06:00:00+01:00', { channels: DISK })).toBe('motor-daily-0615');
    const both = [
      ...CHANNELS.map((one) => ({ ...one, share: one.share / 2 })),
      { ...DISK[0], share: 0.5 },
    ];
    expect(
      event('2026-11-06T06:05:00+01:00', { channels: both as Alert['channels'], peak: 4.5 }),
    ).toMatch('motor-daily');
  });

  it('is none where it is a hard limit', () => {
    const { event } = scene();
    const told = [2, 3, 4, 5].map((day) =>
      event(`2026-11-0${day}T06:00:00+01:00`, { kind: 'limit' }),
    );
    expect(new Set(told)).toEqual(new Set(['sent']));
  });

  it('is none where it comes at any hour', () => {
    const { event } = scene();
    const told: string[] = [];
    const startMs = Date.parse('2026-11-02T00:00:00+01:00');
    for (let hour = 0; hour < 5 * 24; hour += 2) told.push(event(startMs + hour * HOUR_MS));
    expect(new Set(told)).toEqual(new Set(['sent']));
  });

  it('needs one day less when it was called normal', () => {
    const { event, decided, store } = scene();
    event('2026-11-02T06:00:00+01:00');
    const [first] = store.states('a1').slice(-1);
    if (!first) throw new Error('nothing was saved');
    decided().answers.add(
      decided().answers.draft({ ...first, channels: DISK }, 2, { days: 9, sameHour: false }),
    );
    expect(event('2026-11-03T06:00:00+01:00')).toBe('motor-daily-0600');
  });

  it('is bounded in number: the one that was not seen for longest makes room', () => {
    const { event, decided } = scene();
    const named = (id: number) => [{ id: `c${id}`, unit: '', share: 1, value: 9, expected: 1 }];
    for (let job = 0; job < 52; job++) {
      for (const day of [2, 3, 4]) {
        event(Date.parse(`2026-11-0${day}T00:00:00+01:00`) + job * 26 * MINUTE_MS, {
          channels: named(job),
          minutes: 1,
        });
      }
    }
    const list = decided().routines.list();
    expect(list).toHaveLength(50);
    expect(list.some(({ pattern }) => pattern.channels[0]?.id === 'c0')).toBe(false);
  });
});

/** A server that copies its data at about six each day. */
const server: Machine = (_, noise) => [20 + 2 * noise(), 5 + noise(), 40 + 2 * noise()];
const jobAt =
  (fromMs: number, fault = 0): Machine =>
  (timeMs, noise) => {
    const [cpu = 0, disk = 0, network = 0] = server(timeMs, noise);
    const runs = timeMs >= fromMs && timeMs < fromMs + 25 * MINUTE_MS;
    const fails = runs && timeMs >= fromMs + 10 * MINUTE_MS;
    return [cpu + (runs ? 30 : 0), disk + (runs ? 40 : 0), network - (fails ? fault : 0)];
  };

describe('a daily job over seven days (#21)', () => {
  it('is not sent from the third day on, and the fault in it on day six is', async () => {
    const startMs = Date.parse('2026-11-01T00:00:00+01:00');
    const { run, ask, sent, kept, nowMs } = await household({
      channels: ['cpu', 'disk', 'network'].map((id) => ({ id, unit: 'MB/s' })),
      ...{ machine: server, detector: 'robust-z', intervalMs: MINUTE_MS },
      ...{ startMs, lesson: (4 * DAY_MS) / MINUTE_MS },
    });
    const days: Alert[][] = [];
    let faultMs = 0;
    for (const [day, minute] of [0, 11, -9, 13, -4, 8, -12].entries()) {
      const fromMs = nowMs() + 6 * HOUR_MS + minute * MINUTE_MS;
      if (day === 5) faultMs = fromMs + 10 * MINUTE_MS;
      await run(DAY_MS / MINUTE_MS, jobAt(fromMs, day === 5 ? 40 : 0));
      days.push(sent.splice(0).filter(({ state }) => state === 'opened'));
    }
    expect(days.map(({ length }) => length > 0)).toEqual([
      true,
      true,
      false,
      false,
      false,
      true,
      false,
    ]);
    const [first] = days[5] ?? [];
    expect(first?.timeMs).toBeGreaterThanOrEqual(faultMs);
    expect(first?.timeMs).toBeLessThan(faultMs + 5 * MINUTE_MS);
    expect(first?.blamed?.map(({ id }) => id)).toContain('network');
    expect(new Set(kept.map(({ routine }) => routine))).toEqual(new Set(['machine-daily-0551']));
    const quiet = expect.stringMatching(
      /^Every day at about 05:4\d: alerts are not sent that blame only /,
    );
    const listed = { id: 'machine-daily-0551', stream: 'machine', period: 'day', quiet };
    expect(await ask('routines')).toEqual(data({ routines: [expect.objectContaining(listed)] }));
    expect(await ask('routines', { remove: 'none' })).toEqual(
      objection("routine 'none' is unknown"),
    );
    expect(await ask('routines', { remove: listed.id })).toEqual(data({ routines: [] }));
    await run(DAY_MS / MINUTE_MS, jobAt(nowMs() + 6 * HOUR_MS));
    expect(sent.map(({ state }) => state)).toContain('opened');
  });
});
