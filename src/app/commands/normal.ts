// Verbs that mark an alert as normal, and that silence a stream.
import { z } from 'zod';
import type { Alert } from '../../core/alert.ts';
import { ConfigError } from '../../core/errors.ts';
import { isoTime } from '../../io/text/alert-payload.ts';
import { alertNamed, type Command, type CommandContext, streamsNamed } from './command.ts';

const normalRequest = z
  .strictObject({
    alert: z.string().optional().describe('id of the alert'),
    stream: z.string().optional().describe('the newest anomaly of this stream, within a day'),
    undo: z.boolean().default(false).describe('true: removes the mark'),
  })
  .refine(({ alert, stream }) => (alert === undefined) !== (stream === undefined), {
    message: 'expected either alert or stream',
  });

type NormalRequest = z.infer<typeof normalRequest>;

const DAY_MS = 86_400_000;

/** Marks an alert as normal: scores of that height open no alert any more, and training may use its rows. */
export const normal: Command<NormalRequest> = {
  verb: 'normal',
  summary:
    'mark an alert as normal: alert=<id>, or the newest of stream=<id>; undo=true removes the mark',
  request: normalRequest,
  run(asked, context) {
    const alert = alertOf(asked, context);
    if (alert.kind !== 'anomaly') {
      throw new ConfigError(`alert '${alert.id}' is of kind ${alert.kind}, expected an anomaly`, {
        code: 'SEN_CFG_NO_ANOMALY',
      });
    }
    if (asked.undo)
      return { alert: alert.id, normal: false, was: context.feedback.remove(alert.id) };
    const { fromMs, toMs, height } = context.feedback.add(alert);
    return {
      alert: alert.id,
      normal: true,
      from: isoTime(fromMs),
      to: isoTime(toMs),
      height,
    };
  },
};

function alertOf({ alert, stream }: NormalRequest, context: CommandContext): Alert {
  if (alert !== undefined) return alertNamed(alert, context);
  const [id = ''] = streamsNamed(stream, context);
  const nowMs = context.now();
  const recent = [
    ...context.store.alerts(id, nowMs - DAY_MS, nowMs),
    ...context.store.openAlerts(id),
  ];
  const newest = recent.findLast(({ kind }) => kind === 'anomaly');
  if (newest) return newest;
  throw new ConfigError(
    `stream '${id}' had no anomaly within a day: name an older alert by its id`,
    { code: 'SEN_CFG_NO_ANOMALY' },
  );
}

/** A month. */
const MOST_MINUTES = 31 * 1440;

const silenceRequest = z.strictObject({
  stream: z.string().optional().describe('which stream; default: all'),
  minutes: z
    .number()
    .min(0)
    .max(MOST_MINUTES)
    .describe('for how long from now; 0 ends the silence')
    .meta({ unit: 'min' }),
});

type SilenceRequest = z.infer<typeof silenceRequest>;

/** Alerts are saved and not sent for a while. If an alert is still open when the silence ends, it is sent then. */
export const silence: Command<SilenceRequest> = {
  verb: 'silence',
  summary: 'send no alerts: minutes=<n> [stream=<id>]; 0 ends the silence',
  request: silenceRequest,
  run({ stream, minutes }, context) {
    const ids = streamsNamed(stream, context);
    for (const id of ids) context.quiet.silence(id, minutes);
    return {
      silences: ids.map((id) => ({
        stream: id,
        until: timeText(context.quiet.silencedUntilMs(id)),
      })),
    };
  },
};

function timeText(timeMs: number | null): string | null {
  return timeMs === null ? null : isoTime(timeMs);
}
