import { z } from 'zod';
import { toldPromise } from '../models/promise-text.ts';
import { type Command, streamsNamed } from './command.ts';

const request = z.strictObject({ stream: z.string().describe('which stream') });

/** The kept models of a stream, what spoke for or against each, what it can promise, and how far a training is. */
export const models: Command<z.infer<typeof request>> = {
  verb: 'models',
  summary:
    'kept models of stream=<id>, how often it expects to be wrong, and how far a training is',
  request,
  run({ stream }, context) {
    streamsNamed(stream, context);
    const models = context.retraining(stream).models();
    const { promise } = context.health().streams.find(({ id }) => id === stream) ?? {};
    return { stream, promise: promise ? toldPromise(promise) : null, ...models };
  },
};
