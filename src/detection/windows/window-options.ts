// User options for gaps of the time grid.
import { z } from 'zod';

/** Handling of missing readings and clock jumps. */
export const gapOptions = z.strictObject({
  maxGap: z
    .int()
    .min(0)
    .default(10)
    .describe(
      'Missing rows that are filled with the last readings; a longer gap empties the window',
    )
    .meta({ unit: 'rows' }),
  maxClockJumpMs: z
    .number()
    .min(0)
    .default(10_000)
    .describe(
      'A sample older than the newest row by up to this is late and dropped; an older one means that the clock was set back, which empties the window',
    )
    .meta({ unit: 'ms' }),
  maxImputed: z
    .number()
    .min(0)
    .max(1)
    .default(0.3)
    .describe('Windows with a greater share of filled cells are not scored')
    .meta({ unit: 'share' }),
});

export type GapOptions = z.infer<typeof gapOptions>;
