import { z } from 'zod';

export const retrainOptions = z.strictObject({
  firstDays: z
    .boolean()
    .default(true)
    .describe(
      'true: train again by itself when rows cover four times as long as at the last training, until they fill keepHours; what is normal is wider than one lesson',
    ),
  everyHours: z
    .number()
    .nonnegative()
    .default(0)
    .describe('hours from one training to the next; 0 = not by the clock')
    .meta({ unit: 'h' }),
  afterDrift: z
    .boolean()
    .default(false)
    .describe('true: train again when the scores of normal rows have drifted'),
  driftHours: z
    .number()
    .positive()
    .default(24)
    .describe(
      'scores of the newest hours are compared with those of as many after training; whole cycles of the machine, e.g. 168 for a week',
    )
    .meta({ unit: 'h' }),
  keepHours: z
    .number()
    .nonnegative()
    .default(24)
    .describe('hours of raw rows to keep on the disk for the next training; 0 = none')
    .meta({ unit: 'h' }),
  writeMbPerDay: z
    .number()
    .positive()
    .default(25)
    .describe(
      'what keeping rows may write to the card in a day; faster streams keep stretches of ten minutes or less with gaps between',
    )
    .meta({ unit: 'MB' }),
  rows: z
    .int()
    .min(100)
    .default(10_000)
    .describe('most rows to train on; of more, whole stretches are left out all over the time')
    .meta({ unit: 'rows' }),
  keepModels: z
    .int()
    .min(1)
    .default(3)
    .describe('models to keep, the live one among them; 1 = none to go back to')
    .meta({ unit: 'models' }),
});

export type RetrainOptions = z.infer<typeof retrainOptions>;
