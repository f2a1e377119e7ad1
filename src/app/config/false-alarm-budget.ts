// How many false alarms a day people accept: a budget of the daemon that its streams share.
import { z } from 'zod';
import { FALSE_ALARMS_PER_DAY, falseAlarmRate } from '../../detection/alerts/alert-options.ts';

/** `alerts` of the whole configuration. */
export const budgetOptions = z.strictObject({
  falseAlarmsPerDay: falseAlarmRate
    .optional()
    .describe(
      'false alarms a day that people accept from this daemon, divided equally among the streams that do not set their own; .14 = one a week',
    )
    .meta({ unit: '1/day', default: FALSE_ALARMS_PER_DAY }),
});

/** `alerts.falseAlarmsPerDay` of one stream. */
export const ownBudget = falseAlarmRate
  .optional()
  .describe(
    'false alarms a day that people accept from this stream; default: its share of alerts.falseAlarmsPerDay',
  )
  .meta({ unit: '1/day' });

interface Budgeted {
  readonly learn: { readonly intervalMs: number };
  readonly alerts: { readonly falseAlarmsPerDay?: number | undefined };
}

interface BudgetedFile<Stream extends Budgeted> {
  readonly alerts: { readonly falseAlarmsPerDay?: number | undefined };
  readonly streams: readonly Stream[];
}

const DAY_MS = 86_400_000;

const TOO_MANY =
  'expected at most one false alarm per row, which is 86400000 / learn.intervalMs a day';

/** For `superRefine`: what was written down must be possible; a budget that is the default is cut to what is. */
export function checkBudgets<Stream extends Budgeted>(
  { alerts, streams }: BudgetedFile<Stream>,
  context: z.RefinementCtx,
): void {
  const complain = (...path: (string | number)[]): void =>
    context.addIssue({ code: 'custom', path: [...path, ...PATH], message: TOO_MANY });
  for (const [index, stream] of streams.entries()) {
    const own = stream.alerts.falseAlarmsPerDay ?? 0;
    if (own > rowsPerDay(stream)) complain('streams', index);
  }
  const sharing = streams.filter(isSharing);
  const rows = sharing.reduce((sum, stream) => sum + rowsPerDay(stream), 0);
  if (sharing.length > 0 && (alerts.falseAlarmsPerDay ?? 0) > rows) complain();
}

const PATH = ['alerts', 'falseAlarmsPerDay'];

/** The streams with a number each. A stream that has fewer rows than its share comes to gets one a row. */
export function sharedBudget<Stream extends Budgeted>({
  alerts: { falseAlarmsPerDay = FALSE_ALARMS_PER_DAY },
  streams,
}: BudgetedFile<Stream>) {
  const share = falseAlarmsPerDay / Math.max(1, streams.filter(isSharing).length);
  return streams.map((stream) => ({
    ...stream,
    alerts: {
      ...stream.alerts,
      falseAlarmsPerDay: stream.alerts.falseAlarmsPerDay ?? Math.min(share, rowsPerDay(stream)),
    },
  }));
}

function isSharing({ alerts }: Budgeted): boolean {
  return alerts.falseAlarmsPerDay === undefined;
}

function rowsPerDay({ learn }: Budgeted): number {
  return DAY_MS / learn.intervalMs;
}
