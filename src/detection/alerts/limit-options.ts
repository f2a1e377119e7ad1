// User options for hard limits of single channels. Apart from limits.ts, which needs the other options of alerts.
import { z } from 'zod';

const bound = z.number().optional();

/** Of one channel. */
export const hardLimit = z
  .strictObject({
    above: bound
      .describe('A reading above this is beyond the limit')
      .meta({ unit: 'channel units' }),
    below: bound
      .describe('A reading below this is beyond the limit')
      .meta({ unit: 'channel units' }),
    severity: z
      .enum(['info', 'warning', 'critical'])
      .default('critical')
      .describe('Severity of the alert'),
    forS: z
      .number()
      .min(0)
      .default(0)
      .describe('It must have been beyond the limit for so long before the alert opens')
      .meta({ unit: 's' }),
  })
  .refine(({ above, below }) => above !== undefined || below !== undefined, {
    message: 'expected above, below or both',
  })
  .refine(({ above, below }) => above === undefined || below === undefined || below < above, {
    message: 'expected below to be less than above: else every reading is beyond the limit',
  });

export type HardLimit = z.infer<typeof hardLimit>;
export type HardLimits = Readonly<Record<string, HardLimit>>;
