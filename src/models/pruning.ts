// The thresholds of a model: how its network prunes the operands of its products. They are part of the model's design.
import { z } from 'zod';
import { WeightsError } from '../core/errors.ts';
import type { Tape } from '../engine/tape/tape.ts';
import type { Tensor } from '../engine/tape/tensor.ts';

export const PRUNING_FORMS = ['elements', 'columns'] as const;

/** By the names of operands; those that are not named, or whose threshold is below 0, are not pruned. */
export const pruningSchema = z.record(
  z.string(),
  z.strictObject({ form: z.enum(PRUNING_FORMS), threshold: z.number() }),
);

export type ModelPruning = z.infer<typeof pruningSchema>;

const share = z.number().min(0).max(1);

/** Shares of the multiplications that a training with thresholds made, of all that its products have. */
export const trainingSharesSchema = z.strictObject({ forward: share, back: share });

export type TrainingShares = z.infer<typeof trainingSharesSchema>;

/** Throws `WeightsError` unless all pruned operands are on the tape: a model must not be taken for pruned that is not. */
export function requireOperands({ pruning, steps }: Tape): void {
  const known = new Set(steps.flatMap(({ operands = [] }) => operands.map(({ name }) => name)));
  const unknown = Object.keys(pruning).filter((name) => !known.has(name));
  if (unknown.length === 0) return;
  throw new WeightsError(
    `the model has a pruning threshold for ${unknown.join(', ')}, its network has no such operand: compress it again`,
    { code: 'SEN_WGT_DESIGN' },
  );
}

/** Whether a tensor is neither an input of the network nor a part of what a norm has made. */
export function isActivation({ storage }: Tensor, { steps }: Pick<Tape, 'steps'>): boolean {
  const maker = steps.find(({ output }) => output.storage === storage);
  if (maker?.kind === 'columns') return isActivation(maker.inputs[0] as Tensor, { steps });
  return maker !== undefined && maker.kind !== 'layer-norm';
}
