// Options of the store, what it reports, and the clocks it uses.
import { z } from 'zod';

export const storeOptions = z.strictObject({
  flushMs: z
    .number()
    .int()
    .nonnegative()
    .default(60_000)
    .describe(
      'scores are written together after this time, ms; a crash may lose them, never an alert',
    ),
  flushRows: z
    .number()
    .int()
    .positive()
    .default(3600)
    .describe('scores are written at the latest after this many'),
  scoreDays: z
    .number()
    .positive()
    .default(30)
    .describe('days of scores to keep; days without any do not count'),
  thinAfterDays: z
    .number()
    .nonnegative()
    .default(0)
    .describe(
      'days after which only the highest score of each ten minutes is kept, so that scoreDays may be a year; 0 = never',
    )
    .meta({ unit: 'days' }),
  alertDays: z
    .number()
    .positive()
    .default(365)
    .describe('days of alerts to keep; days without any do not count'),
  alertRows: z
    .number()
    .int()
    .nonnegative()
    .default(600)
    .describe(
      'rows to keep with an alert: half of them up to its opening, half of what follows, thinned out if that is longer; 0 = none',
    )
    .meta({ unit: 'rows' }),
  alertRowsMb: z
    .number()
    .nonnegative()
    .default(64)
    .describe('what the rows kept with alerts may take of the disk; those of the oldest go first')
    .meta({ unit: 'MB' }),
  outboxLimit: z
    .number()
    .int()
    .positive()
    .default(10_000)
    .describe(
      'alert states to keep for a sink that does not answer, and as many that it cannot send; the oldest go first',
    ),
  outboxDays: z
    .number()
    .positive()
    .default(7)
    .describe(
      'days to keep trying to send an alert; only time in which a daemon runs counts, however the clock is set',
    ),
  writeBudgetMb: z
    .number()
    .positive()
    .default(500)
    .describe('what history and kept rows may write to the card in a day; doctor warns above it')
    .meta({ unit: 'MB' }),
  busyMs: z
    .number()
    .int()
    .nonnegative()
    .default(2000)
    .describe('how long to wait for another program, ms'),
});

export type StoreOptions = z.infer<typeof storeOptions>;

/** Reports of the store, and the clocks that it uses. */
export interface StoreEvents {
  /** Called for an event that the user should know of: a file was replaced, the disk is full, alerts were dropped. */
  readonly onFault: (message: string) => void;
  /** Called when a problem begins, and without a message when it ends. `key` names it within the store. */
  readonly onProblem: (key: string, message: string | undefined) => void;
  /** Wall clock, Unix milliseconds. */
  readonly now: () => number;
  /** Monotonic clock, milliseconds, for batches, waiting and upkeep. */
  readonly monotonicMs: () => number;
}
