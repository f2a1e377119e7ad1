import { z } from 'zod';
import type { TransferMode } from '../../../models/transfer/lineage.ts';

/** Steps, and a share of the learning rate; the shares are those of EdgeTran's configuration, 1e-5 to 5e-5. */
export const budget = (steps: number, rate: number) =>
  z
    .strictObject({
      steps: z.int().min(1).default(steps).describe('Training steps'),
      rate: z.number().positive().default(rate).describe('Share of the learning rate'),
    })
    .prefault({});

/** Options of growths of every family. */
export const commonOptions = {
  samples: z.int().min(1).default(3).describe('Children of a growing round'),
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
  patience: z
    .int()
    .min(1)
    .default(5)
    .describe('Consecutive rounds without improvement before the growth ends'),
  rounds: z.int().min(1).default(20).describe('Most rounds'),
};

export const BUDGETS = 'Training of the children of each mode';

const common = z.object(commonOptions);

export interface GrowthOptions extends z.infer<typeof common> {
  /** By mode. */
  readonly budgets: Readonly<Record<string, { readonly steps: number; readonly rate: number }>>;
  /** How children inherit weights where widths differ; absent = ordered. */
  readonly transfer?: TransferMode;
}
