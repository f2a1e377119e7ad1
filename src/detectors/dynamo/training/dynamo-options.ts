import { z } from 'zod';

/** How heads for further steps are trained, and when their rows are used. */
export const dynamoOptions = z.strictObject({
  variant: z
    .enum(['tokens', 'gaussian'])
    .default('tokens')
    .describe('What heads give each step: probabilities of bins, or a mean and a variance'),
  heads: z
    .int()
    .min(2)
    .max(4)
    .default(3)
    .describe('Rows that one run forecasts, at most')
    .meta({ unit: 'rows' }),
  epsB: z
    .number()
    .min(0)
    .max(1)
    .default(1)
    .describe(
      'Confidence that more than one row needs, to the power of how many more: 1 = a run for each row, 0 = never',
    ),
  literal: z
    .boolean()
    .default(false)
    .describe('Confidences below epsB itself count as none, as published'),
  guard: z
    .number()
    .min(0.5)
    .max(1)
    .default(0.95)
    .describe(
      'Rows whose most surprising channel, or all channels together, surprise more than this share of the training rows drop a forecast',
    )
    .meta({ unit: 'share' }),
  bins: z.int().min(4).max(64).default(16).describe('Tokens: bins of equal width a channel'),
  topK: z
    .int()
    .min(1)
    .max(8)
    .default(3)
    .describe('Tokens: likeliest ones of each step whose joint probability is looked at'),
  alpha: z
    .number()
    .min(0)
    .max(2)
    .default(1)
    .describe('Tokens: power to which the co-occurrence of steps counts; 0 = not at all'),
  blur: z
    .boolean()
    .default(true)
    .describe('Tokens: whether joint probabilities are blurred between neighbouring bins'),
  otsu: z
    .boolean()
    .default(true)
    .describe("Tokens: whether joint probabilities below Otsu's threshold are cut off"),
  confidence: z
    .enum(['joint', 'top'])
    .default('joint')
    .describe('Tokens: of the joint probability, or of the likeliest of each step alone'),
  tolerance: z
    .number()
    .positive()
    .default(0.5)
    .describe('Gaussian: error up to which a forecast holds')
    .meta({ unit: 'spreads' }),
  mode: z
    .enum(['frozen', 'joint'])
    .default('frozen')
    .describe(
      'Whether the trained forecaster stays as it is, or learns on together with the heads',
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
  steps: z.int().min(1).default(1000).describe('Training steps, at most'),
});

export type DynamoOptions = z.infer<typeof dynamoOptions>;
