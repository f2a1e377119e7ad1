// Plays scores through a threshold and the alert policy, and counts the alerts as `sentigon evaluate` does.
import { CalibrationError } from '../../src/core/errors.ts';
import { lookUp } from '../../src/core/registry.ts';
import { alertOptions } from '../../src/detection/alerts/alert-options.ts';
import { createThreshold } from '../../src/detection/create-threshold.ts';
import type { StoredThreshold } from '../../src/detection/threshold-plugin.ts';
import { DEFAULT_THRESHOLD, thresholds } from '../../src/detection/thresholds/index.ts';
import type { ResultRow } from '../../src/lab/evaluation/result-row.ts';
import { openingsWith } from '../../src/lab/judging/hindsight.ts';
import { openingsDeployed } from '../../src/lab/judging/result-of.ts';
import type { LabelledSeries } from '../../src/lab/series/labelled-series.ts';
import { countMarked } from '../../src/lab/series/segments.ts';
import type { Scores } from './scores.ts';
import type { Variant } from './variants.ts';

/** A row whose detector is the variant; it has openings where `sentigon evaluate` has. */
export function play(
  variant: Variant,
  scores: Scores,
  truth: LabelledSeries,
  identity: Pick<ResultRow, 'dataset' | 'series' | 'seed'>,
): ResultRow {
  const { labels } = truth;
  const prevalence = countMarked(labels) / labels.length;
  const row = { ...identity, detector: variant.name, rows: labels.length, prevalence };
  if (scores.hindsightCaught === undefined) return row;
  return {
    ...row,
    ...openingsDeployed(truth, openingsOf(variant, scores, truth.intervalMs)),
    hindsightCaught: scores.hindsightCaught,
  };
}

/** Rows in which alerts open; none where the calibration does not suffice for the threshold of the variant. */
function openingsOf(variant: Variant, scores: Scores, intervalMs: number): readonly number[] {
  const threshold = thresholdOf(variant, scores, intervalMs);
  if (!threshold) return [];
  const decided = Float64Array.from(variant.scores === 'held' ? scores.held : scores.newest);
  const alerts = alertOptions.parse(variant.opening ?? {});
  const endMs = Float64Array.from(scores.endMs);
  const opened = openingsWith(threshold, decided, endMs, alerts, scores.agreements);
  return opened.map((entry) => scores.rows[entry] as number);
}

/** Fitted; undefined where the calibration does not suffice. */
export function thresholdOf(
  { threshold, options = {}, counted, opening, asLogarithms }: Variant,
  scores: Scores,
  intervalMs: number,
): StoredThreshold | undefined {
  const alerts = alertOptions.parse(opening ?? {});
  const plugin = threshold ?? lookUp(thresholds, DEFAULT_THRESHOLD, 'threshold');
  const parts = {
    plugin,
    options: plugin.options.parse(options),
    logarithmic: scores.logarithmic && !asLogarithms,
    alerts: { ...alerts, ...counted },
  };
  const calibration = Float64Array.from(scores.calibration);
  try {
    return createThreshold(parts, { intervalMs, calibration });
  } catch (error) {
    if (error instanceof CalibrationError) return undefined;
    throw error;
  }
}
