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
  streams: [
    { id: 'motor', scored: 9, lastMs: START_MS, score: 0.123456789, silentS: 1.4 },
    { id: 'learning', scored: 0, lastMs: null, score: null, silentS: null },
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
