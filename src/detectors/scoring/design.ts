// What every model says of itself whose scores are made of distances: how they are put on one scale, and how they fade.
import { z } from 'zod';
import { WeightsError } from '../../core/errors.ts';
import type { Model } from '../../models/model.ts';

/** Where ordinary values lie, from the held-back tail of the training data. */
const yardstick = z.object({ median: z.number().nonnegative(), spread: z.number().positive() });

/** The greatest of ordinary values, from the same rows, and what they spread over. */
const reach = z.object({ most: z.number().nonnegative(), spread: z.number().positive() });

/** The ways to read a distance: rows count 0.5^(age / halfLife); 0 is the newest row alone. */
export const halfLives = z.array(z.number().nonnegative()).min(1);

export const scoringDesign = z.object({
  /** A high score is held for so many rows, the newest included, and halves with each `halfLife` of them. */
  hold: z.object({
    rows: z.int().positive(),
    halfLife: z.number().positive(),
    weight: z.number().nonnegative(),
  }),
  /** Rows that suffice for a first score; longer paths join in when they have theirs. */
  leastRows: z.int().positive(),
  /** Of each path, by its name, one a view. */
  scales: z.record(z.string(), z.array(yardstick)),
  /** Likewise, of each path that is read by its magnitude, too; models of earlier releases have none. */
  reaches: z.record(z.string(), z.array(reach)).default({}),
  /** The score of a row is half its own, half the mean over so many newest rows; 1 = its own alone. */
  meanRows: z.int().positive().default(1),
});

export type Yardstick = z.infer<typeof yardstick>;
export type Reach = z.infer<typeof reach>;
export type ScoringDesign = z.infer<typeof scoringDesign>;
export type Hold = ScoringDesign['hold'];

/** Throws `WeightsError` naming the first setting of the model's design that is missing or wrong. */
export function readDesign<T>(schema: z.ZodType<T>, model: Pick<Model, 'id' | 'design'>): T {
  const read = schema.safeParse(model.design);
  if (read.success) return read.data;
  const issue = read.error.issues[0];
  throw new WeightsError(
    `model ${model.id}: design ${issue?.path.join('.')}: ${issue?.message}: train it again`,
  );
}
