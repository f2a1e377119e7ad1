// Verbs about alerts: list them, get the rows of one, acknowledge them.
import { z } from 'zod';
import type { Alert } from '../../core/alert.ts';
import { rowOf, type Series } from '../../core/series.ts';
import { type AlertPayload, alertPayload, isoTime } from '../../io/text/alert-payload.ts';
import { alertNamed, type Command, type CommandContext, streamsNamed } from './command.ts';

const alertsRequest = z.strictObject({
  stream: z.string().optional().describe('of this stream; default: of all'),
  days: z.number().positive().default(7).describe('alerts of the last n days'),
});

const DAY_MS = 86_400_000;
/** Newest alerts that an answer holds. */
const MOST = 100;

/** The newest state of each alert, in the order in which they opened. */
export const alerts: Command<z.infer<typeof alertsRequest>> = {
  verb: 'alerts',
  request: alertsRequest,
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

const rowsRequest = z.strictObject({ alert: z.string().describe('id of the alert') });

export interface RowsAnswer {
  readonly alert: AlertPayload;
  readonly channels: Series['channels'];
  /** Times of the rows; none where none were kept. */
  readonly ts: readonly string[];
  /** A value for each channel, null = no reading. */
  readonly rows: readonly (readonly (number | null)[])[];
}

/** An alert with the rows that were kept with it: what its channels read before it opened, and until it ended. */
export const rows: Command<z.infer<typeof rowsRequest>> = {
  verb: 'rows',
  request: rowsRequest,
  run({ alert: id }, context): RowsAnswer {
    const alert = alertPayload(alertNamed(id, context));
    const kept = context.store.rows.of(id);
    if (!kept) return { alert, channels: [], ts: [], rows: [] };
    return {
      alert,
      channels: kept.channels,
      ts: Array.from(kept.timeMs, isoTime),
      rows: Array.from(kept.timeMs, (_, row) => Array.from(rowOf(kept, row), finite)),
    };
  },
};

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

const ackRequest = z
  .strictObject({
    alert: z.string().optional().describe('id of the alert'),
    stream: z.string().optional().describe('all open alerts of this stream'),
  })
  .refine(({ alert, stream }) => (alert === undefined) !== (stream === undefined), {
    message: 'expected either alert or stream',
  });

type AckRequest = z.infer<typeof ackRequest>;

/** An acknowledged alert is sent again only when it becomes more severe and when it ends. */
export const ack: Command<AckRequest> = {
  verb: 'ack',
  request: ackRequest,
  run(asked, context) {
    const alerts = alertsOf(asked, context);
    for (const alert of alerts) context.acknowledgements.add(alert);
    context.changed();
    return { acknowledged: alerts.map(({ id }) => id) };
  },
};

function alertsOf({ alert, stream }: AckRequest, context: CommandContext): readonly Alert[] {
  if (alert !== undefined) return [alertNamed(alert, context)];
  return streamsNamed(stream, context).flatMap((id) => context.store.openAlerts(id));
}
