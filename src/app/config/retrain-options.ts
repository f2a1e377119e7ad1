import { z } from 'zod';

export const retrainOptions = z.strictObject({
  firstDays: z
    .boolean()
    .default(true)
    .describe(
      'true: train again when the kept rows cover four times as long as at the last training, until they fill keepHours: later rows hold normal states that the first hours did not',
    ),
  everyHours: z
    .number()
    .nonnegative()
    .default(0)
    .describe('hours between trainings; 0 = no schedule')
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
      'hours of newest scores, compared with as many hours after training; choose whole cycles of the machine, e.g. 168 for a week',
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
      'limit of writes for kept rows in a day; streams that exceed it keep stretches of ten minutes or less, with gaps between',
    )
    .meta({ unit: 'MB' }),
  rows: z
    .int()
    .min(100)
    .default(10_000)
    .describe(
      'most rows to train on; if there are more, stretches spread over the whole time are left out',
    )
    .meta({ unit: 'rows' }),
  keepModels: z
    .int()
    .min(1)
    .default(3)
    .describe('models to keep, including the live one; 1 = no earlier model')
    .meta({ unit: 'models' }),
});

export type RetrainOptions = z.infer<typeof retrainOptions>;
