import { z } from 'zod';

/** How the default GON is trained. */
export const gonTrainingOptions = z.strictObject({
  lengths: z
    .array(z.int().min(1).max(600))
    .min(1)
    .default([1, 5, 15, 30])
    .describe('Window lengths, one discriminator each; the longest is the window of the model')
    .meta({ unit: 'rows' }),
  hidden: z.int().min(4).max(512).default(64).describe('Units in each hidden layer'),
  steps: z.int().min(1).default(1500).describe('Training steps of each discriminator'),
  batch: z.int().min(4).max(1024).default(128).describe('Real windows, and as many fakes, a step'),
  learningRate: z.number().positive().default(1e-3).describe('Step size of Adam'),
  gradientPenalty: z
    .number()
    .nonnegative()
    .default(0.05)
    .describe(
      'Weight of the squared gradient at real windows, which keeps D from becoming a cliff',
    ),
  memoryKb: z
    .number()
    .positive()
    .default(100)
    .describe('Room for remembered normal windows of each discriminator')
    .meta({ unit: 'kB' }),
  heldBack: z
    .number()
    .min(0.05)
    .max(0.5)
    .default(0.2)
    .describe(
      'Share at the end of the training data that sets the scale of scores and the alert level',
    ),
});

export type GonTrainingOptions = z.infer<typeof gonTrainingOptions>;
