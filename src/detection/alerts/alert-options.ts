// User options for opening, updating and closing alerts.
import { z } from 'zod';
import { deviationLimits } from './deviation.ts';
import { hardLimit } from './limit-options.ts';

/** Default rate of a single stream, and default budget of a daemon that its streams share. */
export const FALSE_ALARMS_PER_DAY = 1;

const EXPECTED_RATE = {
  error:
    'expected a number above 0, e.g. 1, or .14 for one false alarm a week: no level can guarantee 0',
};

/** A rate of false alarms, 1/day. */
export const falseAlarmRate = z.number(EXPECTED_RATE).positive(EXPECTED_RATE);

const lifeShape = {
  openCount: z
    .int()
    .min(1)
    .default(3)
    .describe('Anomalous rows, of the last openWithin, that open an alert')
    .meta({ unit: 'rows' }),
  openWithin: z
    .int()
    .min(1)
    .default(5)
    .describe('Newest rows in which openCount must be anomalous')
    .meta({ unit: 'rows' }),
  minDurationMs: z
    .number()
    .min(0)
    .default(0)
    .describe('An anomaly must have lasted this long before its alert opens')
    .meta({ unit: 'ms' }),
  closeBelow: z
    .number()
    .positive()
    .max(1)
    .default(0.8)
    .describe(
      'Rows with a score below this are quiet; an alert stays open while openCount of the newest openWithin rows reach it',
    )
    .meta({ unit: 'score / level' }),
  closeAfter: z
    .int()
    .min(1)
    .default(10)
    .describe('Consecutive quiet rows that close an alert, once the cool-down is over')
    .meta({ unit: 'rows' }),
  coolDownMs: z
    .number()
    .min(0)
    .default(30_000)
    .describe('An anomaly that returns within this time belongs to the same alert')
    .meta({ unit: 'ms' }),
  maxSilenceMs: z
    .number()
    .positive()
    .default(600_000)
    .describe('An alert is closed when no row could be scored for this long')
    .meta({ unit: 'ms' }),
  warningAt: z
    .number()
    .min(1)
    .default(1.5)
    .describe(
      'Height from which an alert is a warning instead of an info: 1 = the greatest height of normal rows, or the alert level where no normal rows are known',
    )
    .meta({ unit: '1' }),
  criticalAt: z
    .number()
    .min(1)
    .default(4)
    .describe('Height from which an alert is critical, measured as for warningAt')
    .meta({ unit: '1' }),
  longMs: z
    .number()
    .positive()
    .default(1_800_000)
    .describe(
      'An alert that lasts this long is a warning at least, and critical when it was as high as warningAt for this long',
    )
    .meta({ unit: 'ms' }),
  updateFactor: z
    .number()
    .gt(1)
    .default(1.5)
    .describe('An open alert is sent again when its peak has grown by this factor')
    .meta({ unit: '1' }),
  updateEveryMs: z
    .number()
    .min(0)
    .default(60_000)
    .describe('Least time between two such updates; a rise in severity is sent at once')
    .meta({ unit: 'ms' }),
  remindAfterMs: z
    .number()
    .min(0)
    .default(3_600_000)
    .describe('An alert that is still open is sent again this long after its beginning; 0 = never')
    .meta({ unit: 'ms' }),
  remindEveryMs: z
    .number()
    .min(0)
    .default(86_400_000)
    .describe('Time between further reminders; 0 = only one')
    .meta({ unit: 'ms' }),
  acceptAfterMs: z
    .number()
    .min(0)
    .default(259_200_000)
    .describe(
      'An alert that is open for this long, and whose channels have settled at a new level, closes as accepted, and the stream is trained with the rows since it began; 0 = never',
    )
    .meta({ unit: 'ms' }),
  topChannels: z
    .int()
    .min(1)
    .default(5)
    .describe('Channels that an alert names, greatest share first')
    .meta({ unit: 'channels' }),
  channels: z
    .record(z.string(), deviationLimits)
    .default({})
    .describe(
      'Limits of single channels, by channel id; smaller deviations do not count: direction (above, below, both) of its usual range, minDeviation from it in channel units, minRelative as a share of its nearest end; where no usual range is known yet, of what the detector expected',
    )
    .meta({ unit: 'limits' }),
  limits: z
    .record(z.string(), hardLimit)
    .default({})
    .describe(
      'Hard limits of channels, by name as disk.free[%]: alerts of their own that need no model and work while the stream learns: above and below in channel units, severity, forS seconds before it opens',
    )
    .meta({ unit: 'limits' }),
};

/** The options, with the given schema for `falseAlarmsPerDay`. */
export function alertOptionsWith<Rate extends z.ZodType<number | undefined>>(
  falseAlarmsPerDay: Rate,
) {
  return z
    .strictObject({ falseAlarmsPerDay, ...lifeShape })
    .refine(
      ({ openCount, openWithin }) => openCount <= openWithin,
      'openCount must not be above openWithin',
    )
    .refine(
      ({ warningAt, criticalAt }) => warningAt <= criticalAt,
      'warningAt must not be above criticalAt',
    );
}

export const alertOptions = alertOptionsWith(
  falseAlarmRate
    .default(FALSE_ALARMS_PER_DAY)
    .describe('Accepted false alarms, which determine the alert level; .14 = one a week')
    .meta({ unit: '1/day' }),
);

export type AlertOptions = z.infer<typeof alertOptions>;
