import { z } from 'zod';
import { type Command, streamsNamed } from './command.ts';

const request = z.strictObject({ stream: z.string().describe('which stream') });

/** Trains on what was kept; answers when the new model is live, or rejected with the reason. */
export const retrain: Command<z.infer<typeof request>> = {
  verb: 'retrain',
  summary: 'train stream=<id> again; the new model goes live if it does no worse',
  request,
  slow: true,
  async run({ stream }, context) {
    streamsNamed(stream, context);
    return { stream, ...(await context.retraining(stream).retrain('asked')) };
  },
};
