import { z } from 'zod';

/** In the order of the rounds; the last is optional. EdgeTran's order. */
export const growthModes = [
  'grow-head',
  'grow-feed-forward',
  'prune-head',
  'prune-feed-forward',
  'prune-width',
] as const;

export type GrowthMode = (typeof growthModes)[number];

/** Steps, and a share of the learning rate; the shares are those of EdgeTran's configuration, 1e-5 to 5e-5. */
const budget = (steps: number, rate: number) =>
  z
    .strictObject({
      steps: z.int().min(1).default(steps).describe('Training steps'),
      rate: z.number().positive().default(rate).describe('Share of the learning rate'),
    })
    .prefault({});

export const growthOptions = z.strictObject({
  samples: z.int().min(1).default(3).describe('Children of a growing round'),
  feedForward: z
    .array(z.int().min(8).max(2048))
    .min(1)
    .default([32, 64])
    .describe('Widths that a layer appended to a feed-forward stack may have'),
  prunedHeads: z.int().min(1).default(1).describe('Heads that a pruning round removes'),
  prunedColumns: z
    .int()
    .min(1)
    .default(8)
    .describe('Columns that a pruning round removes from a feed-forward layer, or from a layer'),
  prunedLayers: z
    .int()
    .min(1)
    .default(2)
    .describe('Feed-forward layers from which a pruning round removes columns'),
  pruneWidth: z
    .boolean()
    .default(false)
    .describe('Whether there is a round that narrows a whole layer'),
  transfer: z
    .enum(['ordered', 'projected'])
    .default('ordered')
    .describe('How children inherit weights where widths differ'),
  costWeight: z
    .number()
    .nonnegative()
    .default(0.1)
    .describe(
      'Weight of the cost in the score; the loss weighs 1; both are shares of the values of the start',
    ),
  learningRate: z.number().positive().default(1e-3).describe('Highest step size of AdamW'),
  start: budget(3000, 1).describe(
    'Training of the start before the growth; long, so that later gains come from growth and not from training',
  ),
  budgets: z
    .strictObject({
      'grow-head': budget(300, 0.2),
      'grow-feed-forward': budget(600, 0.2),
      'prune-head': budget(400, 1),
      'prune-feed-forward': budget(300, 0.2),
      'prune-width': budget(300, 1),
    })
    .prefault({})
    .describe('Training of the children of each mode'),
  patience: z
    .int()
    .min(1)
    .default(5)
    .describe('Consecutive rounds without improvement before the growth ends'),
  rounds: z.int().min(1).default(20).describe('Most rounds'),
});

export type GrowthOptions = z.infer<typeof growthOptions>;
