import { z } from 'zod';
import { isoTime } from '../../io/text/alert-payload.ts';
import { type Command, streamsNamed } from './command.ts';

/** A month: what is not wanted for longer should be configured. */
const MOST_MINUTES = 31 * 1440;

const request = z.strictObject({
  stream: z.string().optional().describe('which stream; default: all'),
  minutes: z
    .number()
    .min(0)
    .max(MOST_MINUTES)
    .describe('for how long from now; 0 ends the silence')
    .meta({ unit: 'min' }),
});

type Request = z.infer<typeof request>;

/** Alerts are kept and not sent for a while; one that outlasts it is sent then. */
export const silence: Command<Request> = {
  verb: 'silence',
  summary: 'keep alerts back: minutes=<n> [stream=<id>]; 0 ends it',
  request,
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
