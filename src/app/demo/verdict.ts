// What the alerts and scores of a watch are worth, against labels.
import type { Series } from '../../core/series.ts';
import type { ScoreReport } from '../../core/sink.ts';
import { median } from '../../engine/statistics.ts';
import { matchEvents, vus } from '../../lab/evaluation/metrics.ts';
import type { LabelledSeries } from '../../lab/labelled-series.ts';
import type { Segment } from '../../lab/segments.ts';

const DAY_MS = 86_400_000;

export interface Verdict {
  readonly events: number;
  readonly caught: number;
  /** From the start of a fault to the opening of the first alert that touches it; undefined when none was caught. */
  readonly medianDelayS: number | undefined;
  /** Alerts that were raised while there was no fault, also when one came later or had just ended. */
  readonly falseAlarms: number;
  readonly falseAlarmsPerDay: number;
  readonly vusPr: number | undefined;
}

/** `alerts` are intervals in Unix milliseconds: [opened, closed). */
export function judge(
  { test, labels, segments }: LabelledSeries,
  alerts: readonly Segment[],
  reports: readonly ScoreReport[],
): Verdict {
  const timeAt = (row: number): number =>
    test.timeMs[Math.min(row, test.timeMs.length - 1)] as number;
  const faults = segments.map(({ start, end }) => ({ start: timeAt(start), end: timeAt(end) }));
  const { events, caught, delays } = matchEvents(faults, alerts);
  const falseAlarms = alerts.filter(
    (alert) => !faults.some((fault) => contains(fault, alert.start)),
  ).length;
  const days = (timeAt(test.timeMs.length) - timeAt(0)) / DAY_MS;
  return {
    events,
    caught,
    medianDelayS: delays.length === 0 ? undefined : median(delays) / 1000,
    falseAlarms,
    falseAlarmsPerDay: falseAlarms / days,
    vusPr: vus(labels, byRow(test, reports))?.pr,
  };
}

function contains({ start, end }: Segment, timeMs: number): boolean {
  return start <= timeMs && timeMs < end;
}

/** (N,) the newest score at each row; 0 while the first window fills. */
function byRow({ timeMs }: Series, reports: readonly ScoreReport[]): Float64Array {
  const scores = new Float64Array(timeMs.length);
  // A row of the grid stands at most half an interval beside the reading it was made from.
  const halfMs = timeMs.length > 1 ? ((timeMs[1] as number) - (timeMs[0] as number)) / 2 : 0;
  let next = 0;
  for (let row = 0; row < timeMs.length; row++) {
    while (
      next < reports.length &&
      (reports[next]?.timeMs ?? 0) <= (timeMs[row] as number) + halfMs
    )
      next++;
    scores[row] = reports[next - 1]?.score ?? 0;
  }
  return scores;
}
