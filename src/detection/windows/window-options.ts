// What a user may say about the time grid and its gaps.
import { z } from 'zod';

const gapShape = {
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
      'A sample older than the newest row by up to this is late and dropped; one older still means the clock was set back, which empties the window',
    )
    .meta({ unit: 'ms' }),
  maxImputed: z
    .number()
    .min(0)
    .max(1)
    .default(0.3)
    .describe('Windows with a greater share of filled cells are not scored')
    .meta({ unit: 'share' }),
};

/** What happens where readings are missing or the clock jumps. */
export const gapOptions = z.strictObject(gapShape);
export type GapOptions = z.infer<typeof gapOptions>;

/** The `windows` part of a stream's configuration. */
export const windowOptions = z.strictObject({
  intervalMs: z
    .number()
    .positive()
    .default(1000)
    .describe(
      'Time between rows of the grid; each row is the mean of the readings since the row before',
    )
    .meta({ unit: 'ms' }),
  ...gapShape,
});
export type WindowOptions = z.infer<typeof windowOptions>;
