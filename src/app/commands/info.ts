import { z } from 'zod';
import type { Command } from './command.ts';

/** What runs here: version, streams with their channels and models, and what people decided about them. */
export const info: Command<object> = {
  verb: 'info',
  summary: 'version, streams, models, and what is silenced',
  request: z.strictObject({}),
  run(_, context) {
    const found = context.info();
    return {
      ...found,
      streams: found.streams.map((stream) => ({ ...stream, ...context.standing(stream.id) })),
    };
  },
};
