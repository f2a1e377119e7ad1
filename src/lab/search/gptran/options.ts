import { z } from 'zod';

/** In the order in which they follow each other; the last is optional. EdgeTran's order. */
export const growthModes = [
  'grow-head',
  'grow-feed-forward',
  'prune-head',
  'prune-feed-forward',
  'prune-width',
] as const;

export type GrowthMode = (typeof growthModes)[number];

/** Steps, and the share of the learning rate: shares as EdgeTran's configuration has them, 1e-5 to 5e-5. */
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
  prunedHeads: z.int().min(1).default(1).describe('Heads that a pruning round drops'),
  prunedColumns: z
    .int()
    .min(1)
    .default(8)
    .describe('Columns that a pruning round drops of a feed-forward layer, or of a layer'),
  prunedLayers: z.int().min(1).default(2).describe('Feed-forward layers that it drops them of'),
  pruneWidth: z.boolean().default(false).describe('Whether a round narrows a whole layer too'),
  transfer: z
    .enum(['ordered', 'projected'])
    .default('ordered')
    .describe('How children inherit weights where widths differ'),
  costWeight: z
    .number()
    .nonnegative()
    .default(0.1)
    .describe('What the cost counts beside the loss, both as shares of what the start has'),
  learningRate: z.number().positive().default(1e-3).describe('Highest step size of AdamW'),
  start: budget(3000, 1).describe(
    'Training of the start before and, for comparison, after: long, so that growth is not praised for training',
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
  patience: z.int().min(1).default(5).describe('Rounds in a row that find nothing better'),
  rounds: z.int().min(1).default(20).describe('Rounds at most'),
});

export type GrowthOptions = z.infer<typeof growthOptions>;
