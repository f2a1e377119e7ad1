// The scoring design of every model that scores by distances: their scales, and the hold of scores.
import { z } from 'zod';

/** Range of normal values, from the held-back rows. */
const yardstick = z.object({ median: z.number().nonnegative(), spread: z.number().positive() });

/** The greatest normal value and the spread, from the held-back rows. */
const reach = z.object({ most: z.number().nonnegative(), spread: z.number().positive() });

/** Views of a distance: rows have the weight 0.5^(age / halfLife); 0 = only the newest row. */
export const halfLives = z.array(z.number().nonnegative()).min(1);

export const scoringDesign = z.object({
  /** A high score is held for `rows` rows, including its own, and halves every `halfLife` rows. */
  hold: z.object({
    rows: z.int().positive(),
    halfLife: z.number().positive(),
    weight: z.number().nonnegative(),
  }),
  /** Rows needed for a first score; longer paths join when they have enough rows. */
  leastRows: z.int().positive(),
  /** Scale of each view, by name of the path. */
  scales: z.record(z.string(), z.array(yardstick)),
  /** Reach of each view, by name of the path, for paths with a magnitude weight; models of earlier releases have none. */
  reaches: z.record(z.string(), z.array(reach)).default({}),
  /** A score is half the row's own score and half the mean over this many newest rows; 1 = only the row's own score. */
  meanRows: z.int().positive().default(1),
});

export type Yardstick = z.infer<typeof yardstick>;
export type Reach = z.infer<typeof reach>;
export type ScoringDesign = z.infer<typeof scoringDesign>;
export type Hold = ScoringDesign['hold'];
