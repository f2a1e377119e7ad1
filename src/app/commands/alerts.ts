import { z } from 'zod';
import type { Alert } from '../../core/alert.ts';
import { alertPayload } from '../../io/text/alert-payload.ts';
import { type Command, streamsNamed } from './command.ts';

const request = z.strictObject({
  stream: z.string().optional().describe('of this stream; default: of all'),
  days: z.number().positive().default(7).describe('those of so many days'),
});

const DAY_MS = 86_400_000;
/** Newest alerts that an answer holds. */
const MOST = 100;

/** The newest state of each alert, in the order in which they opened. */
export const alerts: Command<z.infer<typeof request>> = {
  verb: 'alerts',
  summary: 'alerts of the last days=<n> (7), of stream=<id> or of all',
  request,
  run({ stream, days }, context) {
    const nowMs = context.now();
    const newest = new Map<string, Alert>();
    for (const id of streamsNamed(stream, context)) {
      const states = context.store.alerts(id, nowMs - days * DAY_MS, nowMs);
      for (const alert of states) newest.set(alert.id, alert);
    }
    const found = [...newest.values()].sort((a, b) => a.startMs - b.startMs).slice(-MOST);
    return { alerts: found.map(alertPayload) };
  },
};
