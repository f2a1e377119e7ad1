// The control of a daemon over a store of its own, for tests that ask it something.
import { dirname, join } from 'node:path';
import { expect, vi } from 'vitest';
import type { CommandContext } from '../../../src/app/commands/command.ts';
import { execute } from '../../../src/app/commands/index.ts';
import { openDecided } from '../../../src/app/decisions/decided.ts';
import { createLog } from '../../../src/app/log.ts';
import type { Health } from '../../../src/core/health.ts';
import { open, START_MS } from '../../io/store/open-store.ts';

const HEALTH: Health = {
  timeMs: START_MS,
  uptimeS: 3600,
  rssBytes: 7e7,
  eventLoopLagMs: 3,
  waiting: {},
  dropped: 0,
  problems: [],
  streams: [{ id: 'motor', scored: 9, lastMs: START_MS, score: 0.4, silentS: 1 }],
};

export function daemonControl(health: Partial<Health> = {}, reload?: () => void) {
  const { store, clock, path } = open();
  const now = () => clock.nowMs;
  const decided = openDecided(store, now);
  const streams = ['motor', 'pump'].map((id) => {
    return { id, channels: [], intervalMs: 1000, model: null };
  });
  const said: { level: number; msg: string }[] = [];
  const log = createLog({
    level: 'info',
    style: 'json',
    write: (line) => void said.push(JSON.parse(line)),
  });
  const changed = vi.fn<() => void>();
  const record = { id: 'new', trainedAt: '2026-01-01T00:00:00Z', rows: 9, why: 'asked' as const };
  const retraining = {
    retrain: async () => ({ ...record, standing: 'live' as const }),
    rollback: async (id = 'old') => ({ ...record, id, standing: 'live' as const }),
    models: () => ({ models: [], training: null }),
    keptSpan: () => [START_MS - 3_600_000, START_MS] as const,
  };
  const accept = vi.fn<CommandContext['accept']>(() => true);
  const context: CommandContext = {
    ...decided,
    store,
    now,
    changed,
    info: () => ({ version: '1', node: 'pi', configHash: 'abc', streams }),
    health: () => ({ ...HEALTH, ...health }),
    retraining: () => retraining,
    accept,
    outbox: { sinkIds: () => ['mqtt', 'log'], sinks: () => [], changed },
    backups: join(dirname(path), 'backups'),
    ...(reload && { reload }),
  };
  const ask = (verb: string, request: unknown = {}) => execute(verb, request, context, log);
  return { ask, store, clock, decided, changed, said, context, accept };
}

export const data = (fields: object) => ({ status: 'ok', data: expect.objectContaining(fields) });
export const objection = (text: string) => ({
  status: 'error',
  code: 'CONFIG',
  error: expect.stringContaining(text),
  errorCode: expect.stringMatching(/^SEN_CFG_/),
});
