import { z } from 'zod';
import type { Alert } from '../../core/alert.ts';
import { ConfigError } from '../../core/errors.ts';
import { isoTime } from '../../io/text/alert-payload.ts';
import { alertNamed, type Command, type CommandContext, streamsNamed } from './command.ts';

const request = z
  .strictObject({
    alert: z.string().optional().describe('id of the alert'),
    stream: z.string().optional().describe('the newest anomaly of this stream, within a day'),
    undo: z.boolean().default(false).describe('true: takes it back'),
  })
  .refine(({ alert, stream }) => (alert === undefined) !== (stream === undefined), {
    message: 'expected either alert or stream',
  });

type Request = z.infer<typeof request>;

const DAY_MS = 86_400_000;

/** "This was normal": scores of that height ring no more, and training may use what was measured. */
export const normal: Command<Request> = {
  verb: 'normal',
  summary: 'an alert was none: alert=<id>, or the newest of stream=<id>; undo=true takes it back',
  request,
  run(asked, context) {
    const alert = alertOf(asked, context);
    if (alert.kind !== 'anomaly') {
      throw new ConfigError(`alert '${alert.id}' is of kind ${alert.kind}, expected an anomaly`);
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

function alertOf({ alert, stream }: Request, context: CommandContext): Alert {
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
  );
}
