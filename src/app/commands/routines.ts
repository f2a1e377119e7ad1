// What recurs at about the same hour, and is not sent because of it.
import { z } from 'zod';
import { ConfigError } from '../../core/errors.ts';
import { routineView } from '../decisions/likeness-text.ts';
import { type Command, streamsNamed } from './command.ts';

const request = z
  .strictObject({
    stream: z.string().optional().describe('of this stream; default: of all'),
    remove: z.string().optional().describe('id of a routine: what is like it is sent again'),
  })
  .refine(({ stream, remove }) => stream === undefined || remove === undefined, {
    message: 'expected either stream or remove',
  });

/** Alerts that recur each day or week at about the same hour. One that was removed becomes no routine again. */
export const routines: Command<z.infer<typeof request>> = {
  verb: 'routines',
  request,
  run({ stream, remove }, context) {
    if (remove !== undefined) {
      const routine = context.routines.list().find(({ id }) => id === remove);
      if (!routine) {
        throw new ConfigError(`routine '${remove}' is unknown: ask without remove for a list`, {
          code: 'SEN_CFG_UNKNOWN_ROUTINE',
        });
      }
      context.routines.remove(remove);
      context.review(routine.streamId);
      context.changed();
    }
    const named = stream === undefined ? undefined : streamsNamed(stream, context);
    const listed = context.routines
      .list()
      .filter(({ streamId }) => named?.includes(streamId) ?? true);
    return { routines: listed.map(routineView) };
  },
};
