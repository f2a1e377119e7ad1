// How much an alert of the default decision is worth, by what it says of itself: shares of alerts that were right.
import type { Alert } from '../../src/core/alert.ts';
import { alertOptions } from '../../src/detection/alerts/alert-options.ts';
import { matchOpenings } from '../../src/lab/evaluation/metrics.ts';
import { aligned } from '../../src/lab/evaluation/result-table.ts';
import { alertsWith } from '../../src/lab/judging/hindsight.ts';
import type { LabelledSeries } from '../../src/lab/series/labelled-series.ts';
import { segmentsOf } from '../../src/lab/series/segments.ts';
import { thresholdOf } from './play.ts';
import type { Scores } from './scores.ts';
import type { Variant } from './variants.ts';

/** An alert in its last state, judged by its opening row; alerts in the aftermath of an event are neither right nor wrong. */
export interface JudgedAlert {
  readonly right: boolean;
  /** Whether it opened within a day after the first score. */
  readonly firstDay: boolean;
  readonly peak: number;
  readonly beyondSeen: number | undefined;
}

const DAY_MS = 86_400_000;

export function judgedAlerts(
  variant: Variant,
  scores: Scores,
  { labels, intervalMs }: LabelledSeries,
): readonly JudgedAlert[] {
  const threshold = thresholdOf(variant, scores, intervalMs);
  if (!threshold) return [];
  const endMs = Float64Array.from(scores.endMs);
  const alerts = alertsWith(
    threshold,
    Float64Array.from(scores.newest),
    endMs,
    alertOptions.parse({}),
    scores.agreements,
  );
  const events = segmentsOf(labels);
  return alerts.flatMap(({ row: entry, last }) => {
    const match = matchOpenings(events, [scores.rows[entry] as number]);
    const right = match.caught > 0;
    if (!right && match.falseAlarms === 0) return [];
    const firstDay = (endMs[entry] as number) - (endMs[0] as number) < DAY_MS;
    return [{ right, firstDay, ...figuresOf(last) }];
  });
}

function figuresOf({ peak, evidence }: Alert): Pick<JudgedAlert, 'peak' | 'beyondSeen'> {
  return { peak, beyondSeen: evidence?.beyondSeen };
}

const BOUNDS = [0, 1, 1.5, 3, Number.POSITIVE_INFINITY];

/** A line a range of `beyondSeen`, and of the peak: right alerts of all, in the first day and later. */
export function evidenceTable(alerts: readonly JudgedAlert[]): string {
  const count = (some: readonly JudgedAlert[]): string =>
    `${some.filter(({ right }) => right).length} of ${some.length}`;
  const lines = (['beyondSeen', 'peak'] as const).flatMap((figure) =>
    BOUNDS.slice(1).map((below, place) => {
      const from = BOUNDS[place] as number;
      const some = alerts.filter((alert) => {
        const value = alert[figure];
        return value !== undefined && value >= from && value < below;
      });
      const range = below === Number.POSITIVE_INFINITY ? `${from} and more` : `${from} to ${below}`;
      return [
        `${figure} ${range}`,
        count(some.filter(({ firstDay }) => firstDay)),
        count(some.filter(({ firstDay }) => !firstDay)),
      ];
    }),
  );
  return aligned([['right alerts of all', 'first day', 'later'], ...lines], 'markdown');
}
