import { z } from 'zod';

/** How a network on a tape is fitted; part of the options of each kind that has one. */
export const fittingOptions = {
  steps: z.int().min(1).default(1500).describe('Training steps, at most'),
  batch: z.int().min(1).max(1024).default(64).describe('Windows a step'),
  learningRate: z.number().positive().default(2e-3).describe('Highest step size of AdamW'),
  weightDecay: z.number().nonnegative().default(0.01).describe('Weight decay of AdamW'),
  patience: z
    .int()
    .min(1)
    .default(5)
    .describe('Looks at the validation part without a gain until training stops'),
};

export type FittingOptions = z.infer<z.ZodObject<typeof fittingOptions>>;
