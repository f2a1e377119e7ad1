// How a detector did in the demo: intervals of its alerts, the verdict on them, and a table of verdicts.
import type { Series } from '../../core/series.ts';
import type { ScoreReport } from '../../core/sink.ts';
import { median } from '../../engine/statistics.ts';
import { matchOpenings, openingRows, vus } from '../../lab/evaluation/metrics.ts';
import type { LabelledSeries } from '../../lab/series/labelled-series.ts';
import type { Segment } from '../../lab/series/segments.ts';
import { textTable } from '../text-table.ts';
import { type FaultOutcome, faultOutcomes } from './fault-outcomes.ts';

const DAY_MS = 86_400_000;

export interface Verdict {
  readonly events: number;
  /** Faults in which an alert opened: one that is open already catches nothing new. */
  readonly caught: number;
  /** From the start of a fault to the opening that catches it; undefined when none was caught. */
  readonly medianDelayS: number | undefined;
  /** Alerts that opened in no fault, nor in the rows just after one. */
  readonly falseAlarms: number;
  readonly falseAlarmsPerDay: number;
  readonly vusPr: number | undefined;
  /** In the order of the recording. */
  readonly faults: readonly FaultOutcome[];
}

/** `alerts` are intervals in Unix milliseconds: [opened, closed). */
export function judge(
  { test, labels, segments, intervalMs }: LabelledSeries,
  alerts: readonly Segment[],
  reports: readonly ScoreReport[],
): Verdict {
  const { timeMs } = test;
  const scores = byRow(test, reports);
  const openings = openingRows(
    alerts.map(({ start }) => start),
    timeMs,
  );
  const match = matchOpenings(segments, openings);
  const faults = faultOutcomes({ segments, timeMs, intervalMs, alerts, scores }, match);
  const { events, caught, falseAlarms } = match;
  const delays = faults.flatMap(({ delayS }) => delayS ?? []);
  const days = ((timeMs.at(-1) ?? 0) - (timeMs[0] ?? 0)) / DAY_MS;
  return {
    ...{ events, caught, falseAlarms, faults },
    medianDelayS: delays.length === 0 ? undefined : median(delays),
    falseAlarmsPerDay: falseAlarms / days,
    vusPr: vus(labels, scores)?.pr,
  };
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

/** From the states of alerts to the intervals in which an operator knew of them. */
interface Intervals {
  /** Times are Unix milliseconds; `endMs` is null while the alert lasts. */
  note(id: string, timeMs: number, endMs: number | null): void;
  /** [opened, closed), in the order of the first states. */
  all(): readonly Segment[];
}

export function createIntervals(): Intervals {
  const known = new Map<string, Segment>();
  return {
    note(id, timeMs, endMs) {
      const start = known.get(id)?.start ?? timeMs;
      known.set(id, { start, end: endMs ?? Number.POSITIVE_INFINITY });
    },
    all: () => [...known.values()],
  };
}

export interface Row {
  readonly name: string;
  readonly verdict: Verdict;
}

const HEAD = ['', 'faults caught', 'median delay', 'false alarms', 'a day', 'VUS-PR'];

export function table(rows: readonly Row[]): string {
  return textTable([HEAD, ...rows.map(cellsOf)], (column) => column > 0);
}

function cellsOf({ name, verdict }: Row): string[] {
  const { events, caught, medianDelayS, falseAlarms, falseAlarmsPerDay, vusPr } = verdict;
  return [
    name,
    `${caught} of ${events}`,
    medianDelayS === undefined ? '-' : `${medianDelayS.toFixed(0)} s`,
    String(falseAlarms),
    falseAlarmsPerDay.toFixed(0),
    vusPr === undefined ? '-' : vusPr.toFixed(3),
  ];
}
