// Verbs about the daemon itself: its health, what runs in it, a copy of its history, its configuration.
import { z } from 'zod';
import type { DaemonInfo } from '../../core/control.ts';
import { ConfigError } from '../../core/errors.ts';
import type { Health, StreamHealth } from '../../core/health.ts';
import { isoTime } from '../../io/text/alert-payload.ts';
import { toldPromise } from '../models/promise-text.ts';
import type { Command } from './command.ts';

/** Rows that may be missing before a stream is called silent, and the least time that takes. */
const SILENT_ROWS = 5;
const SILENT_S = 60;

/** Alert states that may wait for a sink: one or two are on their way at any time. */
const WAITING = 10;

/** Whether all is well, and if not, what is wrong, a line each. */
export const healthCheck: Command<object> = {
  verb: 'health_check',
  request: z.strictObject({}),
  run(_, context) {
    const health = context.health();
    const problems = problemsOf(health, context.info());
    const streams = health.streams.map(({ promise, ...stream }) => ({
      ...stream,
      ...(promise && { promise: toldPromise(promise) }),
    }));
    return { ...health, streams, healthy: problems.length === 0, problems };
  },
};

/** What is wrong, a line each; none when all is well. */
export function problemsOf(
  { waiting, dropped, problems, streams }: Health,
  { streams: known }: DaemonInfo,
): string[] {
  const intervals = new Map(known.map(({ id, intervalMs }) => [id, intervalMs / 1000]));
  return [
    ...problems,
    ...streams
      .filter((stream) => isSilent(stream, intervals.get(stream.id) ?? 0))
      .map(({ id, silentS }) => `stream '${id}' had no score for ${Math.round(silentS ?? 0)} s`),
    ...streams
      .filter(({ drift }) => drift)
      .map(
        ({ id, drift }) =>
          `the normal scores of stream '${id}' have drifted since ${isoTime(drift?.sinceMs ?? 0)}: train it again`,
      ),
    ...Object.entries(waiting)
      .filter(([, count]) => count > WAITING)
      .map(([sink, count]) => `${count} alert states wait for sink '${sink}'`),
    ...(dropped > 0 ? [`${dropped} alert states were dropped unsent`] : []),
  ];
}

/** Whether a stream that is watched has not been scored for too long. */
export function isSilent({ silentS }: StreamHealth, intervalS: number): boolean {
  return silentS !== null && silentS > Math.max(SILENT_S, SILENT_ROWS * intervalS);
}

/** What runs here: version, streams with their channels and models, and what is open or decided about them. */
export const info: Command<object> = {
  verb: 'info',
  request: z.strictObject({}),
  run(_, context) {
    const found = context.info();
    const streams = found.streams.map((stream) => {
      const open = context.store.openAlerts(stream.id).map(({ id }) => id);
      const standing = context.standing(stream.id);
      const acknowledged = standing.acknowledged.filter((id) => open.includes(id));
      return { ...stream, ...standing, acknowledged, open };
    });
    return { ...found, streams };
  },
};

/** Copies history, outbox and decisions into the state folder; the newest copies are kept. */
export const backup: Command<object> = {
  verb: 'backup',
  request: z.strictObject({}),
  run: (_, { store, backups }) => store.backup(backups),
};

/** Has the configuration read again. What came of it is in the log: the sinks may have to be made anew for it. */
export const reload: Command<object> = {
  verb: 'reload',
  request: z.strictObject({}),
  run(_, context) {
    if (!context.reload) {
      throw new ConfigError(
        'this daemon has no configuration to read again: start it with a file, and not in a terminal',
        { code: 'SEN_CFG_NO_RELOAD' },
      );
    }
    setImmediate(context.reload); // the answer goes first
    return { reloading: true };
  },
};
