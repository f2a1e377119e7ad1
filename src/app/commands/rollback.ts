import { z } from 'zod';
import { type Command, streamsNamed } from './command.ts';

const request = z.strictObject({
  stream: z.string().describe('which stream'),
  model: z.string().optional().describe('id of a kept model; default: the previous one'),
});

/** Goes back to an earlier model, with the alert level it had; from the next row on. */
export const rollback: Command<z.infer<typeof request>> = {
  verb: 'rollback',
  summary: 'back to the previous model of stream=<id>, or to model=<id>',
  request,
  async run({ stream, model }, context) {
    streamsNamed(stream, context);
    return { stream, ...(await context.retraining(stream).rollback(model)) };
  },
};
