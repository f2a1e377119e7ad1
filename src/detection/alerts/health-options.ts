// User options for missing and stuck channels.
import { z } from 'zod';

const maxAgeMs = z
  .number()
  .min(0)
  .describe('A channel without a reading for longer is missing; 0 = never')
  .meta({ unit: 'ms' });

const stuckAfterMs = z
  .number()
  .min(0)
  .describe(
    'A channel that used to change and has one value, other than 0, for longer is stuck; 0 = never',
  )
  .meta({ unit: 'ms' });

export const healthOptions = z.strictObject({
  maxAgeMs: maxAgeMs.default(60_000),
  stuckAfterMs: stuckAfterMs.default(3_600_000),
  coolDownMs: z
    .number()
    .min(0)
    .default(60_000)
    .describe('Channels must be well for this long before the alert closes')
    .meta({ unit: 'ms' }),
  channels: z
    .record(
      z.string(),
      z.strictObject({ maxAgeMs: maxAgeMs.optional(), stuckAfterMs: stuckAfterMs.optional() }),
    )
    .default({})
    .describe('Other limits for single channels, by channel id')
    .meta({ unit: 'limits' }),
});

export type HealthOptions = z.infer<typeof healthOptions>;
