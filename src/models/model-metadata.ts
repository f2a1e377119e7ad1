// The description of a model as safetensors metadata, which holds strings only: one JSON text a field.
import { z } from 'zod';
import { WeightsError } from '../core/errors.ts';
import type { Model } from './model.ts';

/** A model without its numbers and its id. */
export type Description = Omit<Model, 'id' | 'tensors' | 'calibration'>;

const channels = z.array(z.object({ id: z.string(), unit: z.string() })).min(1);
const scaler = z.object({
  kind: z.string(),
  offset: z.array(z.number()),
  scale: z.array(z.number()),
  clip: z.number().positive(),
});
const rates = z
  .array(
    z.object({
      channel: z.int().nonnegative(),
      unit: z.string(),
      perMs: z.number().positive(),
      usual: z.number().nonnegative(),
      rest: z.int().positive(),
      step: z.number().nonnegative(),
      most: z.number().nonnegative(),
    }),
  )
  .min(1);
const compression = z.object({
  parent: z.string(),
  method: z.string(),
  options: z.record(z.string(), z.unknown()),
  dataHash: z.string(),
  rows: z.int().nonnegative(),
  parameters: z.object({ before: z.int(), after: z.int() }),
});
const card = z.object({
  dataId: z.string(),
  dataHash: z.string(),
  rows: z.int().nonnegative(),
  seed: z.int(),
  finalLosses: z.array(z.number()),
  version: z.string(),
  compression: compression.exactOptional(),
});
const lesson = z.object({
  leftOut: z.array(z.object({ fromMs: z.number(), toMs: z.number() })),
  spanMs: z.number().exactOptional(),
  doubt: z.string().exactOptional(),
});
/** What is usual of some channels. */
export const channelsUsual = z.array(
  z.object({
    id: z.string(),
    unit: z.string(),
    least: z.number(),
    most: z.number(),
    cells: z.array(
      z.tuple([z.number(), z.number(), z.number(), z.number(), z.number()]).nullable(),
    ),
  }),
);
const description = z.object({
  kind: z.string(),
  channels,
  leftOut: channels.exactOptional(),
  lesson: lesson.exactOptional(),
  windowLength: z.int().positive(),
  intervalMs: z.number().positive(),
  scaler,
  rates: rates.exactOptional(),
  design: z.record(z.string(), z.unknown()),
  card,
  usual: channelsUsual.exactOptional(),
});

/** Without the duration of the training, which differs between equal trainings and is not hashed. */
export function writeDescription(model: Description): Record<string, string> {
  const { durationS: _, ...card } = model.card;
  const {
    kind,
    channels,
    leftOut,
    lesson,
    windowLength,
    intervalMs,
    scaler,
    rates,
    design,
    usual,
  } = model;
  const optional = {
    ...(leftOut && { leftOut }),
    ...(lesson && { lesson }),
    ...(rates && { rates }),
    ...(usual && { usual }),
  };
  return mapValues(
    { kind, channels, ...optional, windowLength, intervalMs, scaler, design, card },
    (value) => JSON.stringify(value),
  );
}

/** Throws `WeightsError` naming the first field that is missing or wrong. */
export function readDescription(
  metadata: Readonly<Record<string, string>>,
  durationS: number,
  name: string,
): Description {
  const read = description.safeParse(mapValues(metadata, parseJson));
  if (read.success) return { ...read.data, card: { ...read.data.card, durationS } };
  const issue = read.error.issues[0];
  throw new WeightsError(
    `${name}: metadata ${issue?.path.join('.')}: ${issue?.message}: train the model again`,
    { code: 'SEN_WGT_DESIGN' },
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON: the schema reports the field.
    return text;
  }
}

function mapValues<From, To>(record: Record<string, From>, change: (value: From) => To) {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}
