// What a model says of its heads for several steps ahead.
import { z } from 'zod';

const tokens = z.object({
  variant: z.literal('tokens'),
  /** V, see tokens.ts. */
  bins: z.int().min(2),
  topK: z.int().min(1),
  /** alpha_c, the power to which the co-occurrence mask counts; 0 = not at all. */
  alpha: z.number().nonnegative(),
  blur: z.boolean(),
  otsu: z.boolean(),
  /** Of the joint probability, or of the likeliest token of each head alone, which is what DynaMo is compared with. */
  confidence: z.enum(['joint', 'top']),
});

const gaussian = z.object({
  variant: z.literal('gaussian'),
  /** delta, errors up to which a forecast holds, in units of the normalised rows. */
  tolerance: z.number().positive(),
});

export const dynamoDesign = z.object({
  /** n. */
  heads: z.int().min(2).max(4),
  spread: z.discriminatedUnion('variant', [tokens, gaussian]),
  epsB: z.number().min(0).max(1),
  literal: z.boolean(),
  /** Surprisals of a row, one a step; above either, what is left of a forecast is dropped. */
  guards: z.array(
    z.object({
      /** Of the channel that surprises most: faults of one channel. */
      greatest: z.number(),
      /** Mean over the channels: faults of which each channel shows a little. */
      mean: z.number(),
    }),
  ),
});

export type DynamoDesign = z.infer<typeof dynamoDesign>;
export type Guard = DynamoDesign['guards'][number];
export type SpreadDesign = DynamoDesign['spread'];
export type TokenDesign = z.infer<typeof tokens>;
export type GaussianDesign = z.infer<typeof gaussian>;

/** The prefix of its tensors. */
export const DYNAMO = 'dynamo';
