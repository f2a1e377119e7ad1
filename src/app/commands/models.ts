import { z } from 'zod';
import { type Command, streamsNamed } from './command.ts';

const request = z.strictObject({ stream: z.string().describe('which stream') });

/** The kept models of a stream, what spoke for or against each, and how far a training is. */
export const models: Command<z.infer<typeof request>> = {
  verb: 'models',
  summary: 'kept models of stream=<id>, and how far a training is',
  request,
  run({ stream }, context) {
    streamsNamed(stream, context);
    return { stream, ...context.steward(stream).models() };
  },
};
