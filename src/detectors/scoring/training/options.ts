import { z } from 'zod';

/** How scores that are made of distances are put on a scale, and how they fade; part of the options of each such kind. */
export const scoringOptions = {
  holdHalfLife: z
    .number()
    .nonnegative()
    .default(1)
    .describe(
      'After how many lengths of the longest window a held score is half as high; 0 = none is held',
    )
    .meta({ unit: 'windows' }),
  holdWeight: z
    .number()
    .nonnegative()
    .default(1)
    .describe('Weight of the held score beside the newest one'),
  heldBack: z
    .number()
    .min(0.05)
    .max(0.5)
    .default(0.2)
    .describe(
      'Share at the end of the training data that sets the scale of scores and the alert level',
    ),
};

export type ScoringOptions = z.infer<z.ZodObject<typeof scoringOptions>>;
