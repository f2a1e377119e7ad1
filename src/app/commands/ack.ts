import { z } from 'zod';
import type { Alert } from '../../core/alert.ts';
import { alertNamed, type Command, type CommandContext, streamsNamed } from './command.ts';

const request = z
  .strictObject({
    alert: z.string().optional().describe('id of the alert'),
    stream: z.string().optional().describe('all open alerts of this stream'),
  })
  .refine(({ alert, stream }) => (alert === undefined) !== (stream === undefined), {
    message: 'expected either alert or stream',
  });

type Request = z.infer<typeof request>;

/** Somebody knows: an alert is sent again only when it becomes more severe, and when it ends. */
export const ack: Command<Request> = {
  verb: 'ack',
  summary: 'acknowledge an alert: alert=<id>, or all of a stream: stream=<id>',
  request,
  run(asked, context) {
    const alerts = alertsOf(asked, context);
    for (const alert of alerts) context.acknowledgements.add(alert);
    context.changed();
    return { acknowledged: alerts.map(({ id }) => id) };
  },
};

function alertsOf({ alert, stream }: Request, context: CommandContext): readonly Alert[] {
  if (alert !== undefined) return [alertNamed(alert, context)];
  return streamsNamed(stream, context).flatMap((id) => context.store.openAlerts(id));
}
