import { z } from 'zod';

/** Options for training heads for further steps, and for the use of their forecasts. */
export const dynamoOptions = z.strictObject({
  variant: z
    .enum(['tokens', 'gaussian'])
    .default('tokens')
    .describe('Output of the heads for each step: probabilities of bins, or a mean and a variance'),
  heads: z
    .int()
    .min(2)
    .max(4)
    .default(3)
    .describe('Maximum number of rows that one run forecasts')
    .meta({ unit: 'rows' }),
  epsB: z
    .number()
    .min(0)
    .max(1)
    .default(1)
    .describe(
      'n further rows are used if their confidence exceeds epsB to the power n; 1 = a run for each row, 0 = always use all rows',
    ),
  literal: z
    .boolean()
    .default(false)
    .describe('Confidences below epsB itself count as 0, as published'),
  guard: z
    .number()
    .min(0.5)
    .max(1)
    .default(0.95)
    .describe(
      'A row drops the forecast if its most surprising channel, or the mean of all channels, is more surprising than in this share of the training rows',
    )
    .meta({ unit: 'share' }),
  bins: z.int().min(4).max(64).default(16).describe('Tokens: bins of equal width per channel'),
  topK: z
    .int()
    .min(1)
    .max(8)
    .default(3)
    .describe('Tokens: number of most likely tokens of each step in the joint probability'),
  alpha: z
    .number()
    .min(0)
    .max(2)
    .default(1)
    .describe('Tokens: exponent of the co-occurrence of steps; 0 = not used'),
  blur: z
    .boolean()
    .default(true)
    .describe('Tokens: whether joint probabilities are blurred between neighbouring bins'),
  otsu: z
    .boolean()
    .default(true)
    .describe("Tokens: whether joint probabilities below Otsu's threshold are set to 0"),
  confidence: z
    .enum(['joint', 'top'])
    .default('joint')
    .describe(
      'Tokens: whether confidence is the joint probability, or the product of the top probabilities of the steps',
    ),
  tolerance: z
    .number()
    .positive()
    .default(0.5)
    .describe('Gaussian: largest error at which a forecast counts as correct')
    .meta({ unit: 'spreads' }),
  mode: z
    .enum(['frozen', 'joint'])
    .default('frozen')
    .describe(
      'Whether the trained forecaster stays unchanged, or is trained further together with the heads',
    ),
  gradientRatio: z
    .number()
    .min(0)
    .max(1)
    .default(0.1)
    .describe('Joint: share of the gradient of the heads that reaches the forecaster'),
  baseRate: z
    .number()
    .min(0)
    .max(1)
    .default(0.01)
    .describe('Joint: learning rate of the forecaster, as a share of that of the heads'),
  steps: z.int().min(1).default(1000).describe('Maximum number of training steps'),
});

export type DynamoOptions = z.infer<typeof dynamoOptions>;
