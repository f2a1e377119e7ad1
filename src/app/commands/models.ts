// Verbs about the models of a stream.
import { z } from 'zod';
import type { ModelRecord } from '../models/manifest.ts';
import { toldPromise } from '../models/promise-text.ts';
import { type Command, streamsNamed } from './command.ts';

const modelsRequest = z.strictObject({ stream: z.string().describe('which stream') });

/** The kept models of a stream with their trials, its expected false alarms, and the progress of a training. */
export const models: Command<z.infer<typeof modelsRequest>> = {
  verb: 'models',
  request: modelsRequest,
  run({ stream }, context) {
    streamsNamed(stream, context);
    const models = context.retraining(stream).models();
    const { promise } = context.health().streams.find(({ id }) => id === stream) ?? {};
    return { stream, promise: promise ? toldPromise(promise) : null, ...models };
  },
};

const retrainRequest = z.strictObject({
  stream: z.string().describe('which stream'),
  force: z
    .boolean()
    .default(false)
    .describe('true: uses the new model even if it does worse than the live one'),
});

/** Trains on the kept rows; answers when the new model is live, or rejected with the reason. */
export const retrain: Command<z.infer<typeof retrainRequest>> = {
  verb: 'retrain',
  request: retrainRequest,
  async run({ stream, force }, context) {
    streamsNamed(stream, context);
    return outcomeOf(stream, await context.retraining(stream).retrain('asked', force));
  },
};

interface TrainingOutcome {
  readonly stream: string;
  readonly used: boolean;
  readonly message: string;
}

/** What came of a training: whether its model is used, and why not, in one sentence. */
export function outcomeOf(stream: string, record: ModelRecord): TrainingOutcome & ModelRecord {
  const { id, standing, reason, overruled } = record;
  const used = standing === 'live';
  const message = used
    ? `stream '${stream}' uses the new model ${id}${overruled === undefined ? '' : `, although ${overruled}`}`
    : `stream '${stream}' keeps its model, because ${reason}: retrain with force=true to use ${id} anyway`;
  return { stream, used, message, ...record };
}

const rollbackRequest = z.strictObject({
  stream: z.string().describe('which stream'),
  model: z.string().optional().describe('id of a kept model; default: the previous one'),
});

/** Goes back to an earlier model, with the alert level it had; from the next row on. */
export const rollback: Command<z.infer<typeof rollbackRequest>> = {
  verb: 'rollback',
  request: rollbackRequest,
  async run({ stream, model }, context) {
    streamsNamed(stream, context);
    return { stream, ...(await context.retraining(stream).rollback(model)) };
  },
};
