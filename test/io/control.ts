import type { Control, Standing } from '../../src/core/control.ts';
import type { Health } from '../../src/core/health.ts';

const START_MS = Date.UTC(2026, 10, 24, 12);

export const HEALTH: Health = {
  timeMs: START_MS,
  uptimeS: 3600,
  rssBytes: 71_234_567,
  eventLoopLagMs: 12.3,
  waiting: { mqtt: 2, log: 1 },
  dropped: 4,
  problems: ['the disk is full: free some space'],
  streams: [
    {
      ...{ id: 'motor', scored: 9, lastMs: START_MS, score: 0.123456789, silentS: 1.4 },
      disturbed: true,
      drift: { sinceMs: START_MS - 60_000, distance: 0.456789123, ratio: 1.5 },
      promise: { falseAlarmsPerDay: 3, asked: 1, seenDays: 0.5 },
    },
    {
      ...{ id: 'learning', scored: 0, lastMs: null, score: null, silentS: null },
      training: { why: 'no model', startedAt: '2026-11-24T11:59:00.000Z', fraction: 0.25 },
    },
  ],
};

/** A daemon that a test makes up: what it was asked is kept, and what it says may change. */
export function controlOf(streamIds: readonly string[] = ['motor']) {
  const asked: [verb: string, request: unknown][] = [];
  const standings = new Map<string, Partial<Standing>>();
  const control: Control = {
    info: () => ({
      version: '1.2.3',
      node: 'pump1',
      configHash: 'abc123',
      streams: streamIds.map((id) => ({
        id,
        channels: [{ id: 'vibration', unit: 'mm/s' }],
        intervalMs: 2000,
        model: { id: '0123', detector: 'gon' },
      })),
    }),
    health: () => HEALTH,
    standing: (id) => ({
      silencedUntilMs: null,
      maintenance: null,
      acknowledged: [],
      ...standings.get(id),
    }),
    execute(verb, request) {
      asked.push([verb, request]);
      return Promise.resolve({ status: 'ok', data: { done: verb } });
    },
  };
  return { control, asked, standings };
}
