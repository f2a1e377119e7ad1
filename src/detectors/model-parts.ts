// Reads what a model file says for a detector, with errors that name the model.
import type { ZodType } from 'zod';
import { WeightsError } from '../core/errors.ts';
import type { Model } from '../models/model.ts';

/** The design as its schema describes it. Throws `WeightsError` naming the first setting missing or wrong. */
export function designOf<T>(model: Model, schema: ZodType<T>): T {
  const read = schema.safeParse(model.design);
  if (read.success) return read.data;
  const issue = read.error.issues[0];
  throw new WeightsError(
    `model ${model.id}: design ${issue?.path.join('.')}: ${issue?.message}: train it again`,
  );
}

/** The numbers of a tensor. Throws `WeightsError` unless it is there in this shape. */
export function tensorOf(model: Model, name: string, shape: readonly number[]): Float32Array {
  const tensor = model.tensors[name];
  const found = tensor?.shape.join('×');
  const cells = shape.reduce((product, size) => product * size, 1);
  if (tensor && found === shape.join('×') && tensor.data.length === cells) return tensor.data;
  throw new WeightsError(
    `model ${model.id}: tensor ${name} is ${found ?? 'missing'}, expected ${shape.join('×')}: train it again`,
  );
}
