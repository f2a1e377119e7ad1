// What became of each fault of a recording: when it was caught, or why it was missed.
import { catchableUntil, type OpeningMatch } from '../../lab/evaluation/metrics.ts';
import type { LabelledSegment } from '../../lab/series/labelled-series.ts';
import type { Segment } from '../../lab/series/segments.ts';
import { textTable } from '../text-table.ts';

/**
 * `low` = its scores stayed below the level, `brief` = above it for too few rows to open an alert, `open` = above it, but an alert
 * that had opened before it was still open.
 */
export type WhyMissed = 'low' | 'brief' | 'open';

export interface FaultOutcome {
  readonly kind: string;
  /** Unix milliseconds. */
  readonly startMs: number;
  /** From its start to the opening that catches it; undefined = missed. */
  readonly delayS: number | undefined;
  /** From its end to that opening, 0 = it lasted: a later alert blames what the fault has left behind. */
  readonly afterEndS: number;
  /** Highest score over level while it could be caught. */
  readonly peak: number;
  /** Why it was missed; undefined = it was caught. */
  readonly missed: WhyMissed | undefined;
}

export interface WatchedFaults {
  readonly segments: readonly LabelledSegment[];
  /** (N,) of the rows. */
  readonly timeMs: Float64Array;
  readonly intervalMs: number;
  /** Unix milliseconds: [opened, closed). */
  readonly alerts: readonly Segment[];
  /** (N,) score over level. */
  readonly scores: Float64Array;
}

export function faultOutcomes(
  { segments, timeMs, intervalMs, alerts, scores }: WatchedFaults,
  { caughtAt }: OpeningMatch,
): FaultOutcome[] {
  return segments.map(({ start, end, kind = 'fault' }, index) => {
    const startMs = timeMs[start] as number;
    const rows = scores.subarray(start, catchableUntil(segments, index));
    const peak = rows.reduce((a, b) => Math.max(a, b), 0);
    const row = caughtAt[index];
    if (row !== undefined) {
      const [delayS, afterEndS] = [row - start, Math.max(0, row - end + 1)].map(
        (rowsApart) => (rowsApart * intervalMs) / 1000,
      ) as [number, number];
      return { kind, startMs, delayS, afterEndS, peak, missed: undefined };
    }
    const isOpen = alerts.some((alert) => alert.start < startMs && alert.end > startMs);
    const missed = whyMissed(peak, isOpen);
    return { kind, startMs, delayS: undefined, afterEndS: 0, peak, missed };
  });
}

function whyMissed(peak: number, isOpen: boolean): WhyMissed {
  if (peak <= 1) return 'low';
  return isOpen ? 'open' : 'brief';
}

/** A line for each kind of fault: when it was caught, and why it was missed. */
export function faultTable(faults: readonly FaultOutcome[]): string {
  const kinds = [...new Set(faults.map(({ kind }) => kind))];
  const rows = kinds.map((kind) => {
    const some = faults.filter((fault) => fault.kind === kind);
    const caught = some.flatMap((fault) => caughtText(fault) ?? []);
    return [kind.replaceAll('_', ' '), caught.join(', ') || '-', missedText(some)];
  });
  return textTable([['fault', 'caught after', 'missed'], ...rows], () => false);
}

function caughtText({ delayS, afterEndS }: FaultOutcome): string | undefined {
  if (delayS === undefined) return undefined;
  const late = afterEndS > 0 ? ` (${Math.round(afterEndS)} s after its end)` : '';
  return `${Math.round(delayS)} s${late}`;
}

function missedText(faults: readonly FaultOutcome[]): string {
  const peaksOf = (why: WhyMissed): string[] =>
    faults.flatMap(({ missed, peak }) => (missed === why ? peak.toFixed(2) : []));
  const [low, brief, open] = [peaksOf('low'), peaksOf('brief'), peaksOf('open')];
  return [
    ...(low.length > 0 ? [`reached ${low.join(', ')} of the level`] : []),
    ...(brief.length > 0 ? [`above the level too briefly (${brief.join(', ')})`] : []),
    ...open.map(() => 'began while an earlier alert was still open'),
  ].join('; ');
}
