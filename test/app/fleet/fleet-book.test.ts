import { describe, expect, it } from 'vitest';
import { createFleetBook } from '../../../src/app/fleet/fleet-book.ts';
import { fleetTable } from '../../../src/app/fleet/fleet-table.ts';
import {
  healthPayload,
  infoPayload,
  scorePayload,
  silencePayload,
} from '../../../src/io/sinks/mqtt/payloads.ts';
import { controlOf, HEALTH } from '../../io/control.ts';
import { scoreAt } from '../../io/store/open-store.ts';

const NOW_MS = HEALTH.timeMs + 30_000;

function told(messages: readonly (readonly [topic: string, payload: unknown])[]) {
  const book = createFleetBook('sentigon');
  for (const [topic, payload] of messages) {
    book.take(`sentigon/${topic}`, typeof payload === 'string' ? payload : JSON.stringify(payload));
  }
  return book;
}

const { control } = controlOf(['motor', 'learning']);
const info = control.info();
const PUMP = [
  ['pump1/status', 'online'],
  [
    'pump1/info',
    infoPayload({
      ...info,
      streams: info.streams.map((stream) =>
        stream.id === 'learning' ? { ...stream, model: null } : stream,
      ),
    }),
  ],
  ['pump1/health', healthPayload(HEALTH, [])],
] as const;

const ALERT = {
  state: 'ON',
  severity: 'critical',
  kind: 'anomaly',
  score: 3,
  since: '2026-11-24T11:00:00.000Z',
  alert: 'a1',
  acknowledged: false,
};

describe('the fleet', () => {
  it('is put together from what each daemon says of itself', () => {
    const book = told([
      ...PUMP,
      ['pump1/motor/state', ALERT],
      [
        'pump1/motor/silence',
        silencePayload({ silencedUntilMs: 1, maintenance: null, acknowledged: [] }),
      ],
      ['attic/status', 'offline'],
    ]);
    expect(book.devices()).toEqual([
      { node: 'attic', status: 'offline', version: null, streams: [], health: null },
      {
        node: 'pump1',
        status: 'online',
        version: '1.2.3',
        streams: [
          {
            id: 'motor',
            learning: false,
            alert: {
              id: 'a1',
              kind: 'anomaly',
              severity: 'critical',
              sinceMs: Date.UTC(2026, 10, 24, 11),
              acknowledged: false,
            },
            score: 0.123457,
            scoreMs: HEALTH.timeMs,
            silenced: true,
          },
          {
            id: 'learning',
            learning: true,
            alert: null,
            score: null,
            scoreMs: null,
            silenced: false,
          },
        ],
        health: {
          timeMs: HEALTH.timeMs,
          uptimeS: 3600,
          rssMb: 71.2,
          lagMs: 12,
          waiting: 3,
          dropped: 4,
        },
      },
    ]);
  });

  it('goes on with what is said later, and forgets what is taken back', () => {
    const book = told([
      ...PUMP,
      ['pump1/motor/state', ALERT],
      ['pump1/motor/score', scorePayload(scoreAt(NOW_MS, 0.7))],
      ['pump1/motor/state', { state: 'OFF' }],
      ['pump1/status', 'stopped'],
    ]);
    const [pump] = book.devices();
    expect(pump).toMatchObject({ status: 'stopped', streams: [{ alert: null, score: 0.7 }, {}] });
    for (const topic of ['status', 'info', 'health', 'motor/state', 'motor/score']) {
      book.take(`sentigon/pump1/${topic}`, '');
    }
    expect(book.devices()).toEqual([]);
  });

  it('leaves out whatever is not said by a daemon', () => {
    const book = told([
      ['pump1/status', 'dancing'],
      ['pump1/info', 'no JSON'],
      ['pump1/info', { version: 7 }],
      ['pump1/health', { ts: 'yesterday' }],
      ['pump1/motor/state', []],
      ['pump1/motor/event', ALERT],
      ['pump1/motor/state/more', ALERT],
      ['pump1', 'online'],
      ['/status', 'online'],
      [`${'x'.repeat(200)}/status`, 'online'],
    ]);
    expect(book.take('other/pump1/status', 'online')).toBe(false);
    expect(book.devices()).toEqual([]);
  });

  it('has a limit, whoever publishes', () => {
    const nodes = Array.from({ length: 600 }, (_, n) => [`n${n}/status`, 'online'] as const);
    const streams = Array.from(
      { length: 200 },
      (_, n) => [`n0/s${n}/state`, { state: 'OFF' }] as const,
    );
    const book = told([...nodes, ...streams]);
    expect(book.devices()).toHaveLength(500);
    expect(book.devices()[0]?.streams).toHaveLength(100);
  });
});

describe('the table of the fleet', () => {
  it('has a line for each device, with the gravest alert and the highest score', () => {
    const book = told([
      ...PUMP,
      ['pump1/motor/state', { ...ALERT, severity: 'info' }],
      ['pump1/learning/state', ALERT],
      ['pump1/motor/silence', { state: 'OFF', until: null, maintenance: 'weekly' }],
      ['attic/status', 'offline'],
      ['attic/hall/state', { ...ALERT, acknowledged: true }],
    ]);
    const cells = fleetTable(book.devices(), NOW_MS)
      .split('\n')
      .map((line) => line.split(/ {2,}/).join(' | '));
    expect(cells).toEqual([
      'device | status | version | streams | alerts | score | up | memory | unsent',
      'attic | offline | - | 1 | critical in hall (acknowledged) | - | - | - | -',
      'pump1 | online | 1.2.3 | 2 (1 learning, 1 silenced) | critical in learning and 1 more | 0.12 motor | 60 min | 71 MB | 3, 4 lost',
    ]);
  });

  it('says when a device has not reported its health for long', () => {
    const table = fleetTable(told(PUMP).devices(), HEALTH.timeMs + 600_000);
    expect(table).toContain('60 min (10 min ago)');
    expect(fleetTable(told(PUMP).devices(), NOW_MS)).not.toContain('ago');
  });

  it('lets no name steer a terminal', () => {
    const book = told([['a\u001b[2Jb\u0007/status', 'online']]);
    expect(fleetTable(book.devices(), NOW_MS)).toContain('a?[2Jb?');
  });
});
