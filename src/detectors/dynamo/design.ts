// The design of heads for several steps ahead.
import { z } from 'zod';

const tokens = z.object({
  variant: z.literal('tokens'),
  /** V, the number of bins; see `Bins`. */
  bins: z.int().min(2),
  topK: z.int().min(1),
  /** alpha_c, exponent of the co-occurrence mask; 0 = not used. */
  alpha: z.number().nonnegative(),
  blur: z.boolean(),
  otsu: z.boolean(),
  /** The joint probability, or the product of the heads' top probabilities, the baseline of DynaMo. */
  confidence: z.enum(['joint', 'top']),
});

const gaussian = z.object({
  variant: z.literal('gaussian'),
  /** delta, the largest error at which a forecast counts as correct, in units of the normalised rows. */
  tolerance: z.number().positive(),
});

export const dynamoDesign = z.object({
  /** n. */
  heads: z.int().min(2).max(4),
  spread: z.discriminatedUnion('variant', [tokens, gaussian]),
  epsB: z.number().min(0).max(1),
  literal: z.boolean(),
  /** Limits of the surprisals of a row, one per step; above either, the rest of a forecast is dropped. */
  guards: z.array(
    z.object({
      /** Limit of the most surprising channel: faults of one channel. */
      greatest: z.number(),
      /** Limit of the mean over the channels: faults that show a little in each channel. */
      mean: z.number(),
    }),
  ),
});

export type DynamoDesign = z.infer<typeof dynamoDesign>;
export type Guard = DynamoDesign['guards'][number];
export type SpreadDesign = DynamoDesign['spread'];
export type TokenDesign = z.infer<typeof tokens>;
export type GaussianDesign = z.infer<typeof gaussian>;

/** Prefix of its tensor names. */
export const DYNAMO = 'dynamo';

/** The distribution of the next rows from the heads' last run. */
export interface Spread {
  /**
   * Joint confidence of the first `steps` steps, 0 to 1: the geometric mean over the channels, because among many
   * channels there is always one that cannot be forecast.
   */
  confidence(steps: number): number;
  /** Compares a normalised row, (C,), with the distribution of that step; the first step is 0. */
  compare(row: Float32Array, step: number): void;
  /** Surprisal in the last comparison, nats: of the most surprising channel, and the mean over the channels. */
  readonly surprisal: number;
  readonly meanSurprisal: number;
}
