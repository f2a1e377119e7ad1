// Messages of daemons, checked when they are read: other versions and other programs may publish on the same topics.
import { z } from 'zod';

const time = z
  .string()
  .transform((text) => Date.parse(text))
  .pipe(z.number());

const severity = z.enum(['info', 'warning', 'critical']);

/** JSON has no NaN: a score that is none comes as null. */
const score = z.number().nullable();

export const payloads = {
  status: z.enum(['online', 'stopped', 'offline']),
  info: z.object({
    version: z.string(),
    streams: z.array(z.object({ id: z.string(), model: z.string().nullable().default(null) })),
  }),
  health: z.object({
    ts: time,
    uptime_s: z.number(),
    rss_mb: z.number(),
    event_loop_lag_ms: z.number(),
    outbox: z.number(),
    dropped: z.number().default(0),
    streams: z.array(z.object({ stream: z.string(), ts: time.nullable(), score })).default([]),
  }),
  state: z.object({
    state: z.enum(['ON', 'OFF']),
    severity: severity.nullable().default(null),
    kind: z.string().nullable().default(null),
    since: time.nullable().default(null),
    alert: z.string().nullable().default(null),
    acknowledged: z.boolean().default(false),
  }),
  silence: z.object({
    state: z.enum(['ON', 'OFF']),
    maintenance: z.string().nullable().default(null),
  }),
  score: z.object({ ts: time, score }),
} as const;

export type Payload<Kind extends keyof typeof payloads> = z.infer<(typeof payloads)[Kind]>;

/** undefined = it is none of these. Only the status is no JSON. */
export function read<Kind extends keyof typeof payloads>(
  kind: Kind,
  text: string,
): Payload<Kind> | undefined {
  const found = payloads[kind].safeParse(kind === 'status' ? text : parse(text));
  return found.data as Payload<Kind> | undefined; // zod forgets which of the schemas it was
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // no schema takes it
  }
}
