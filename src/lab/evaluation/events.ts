// Event metrics for operators: which anomalies were detected, how late, and how many alarms were false.
import { median, medianStep } from '../../engine/statistics.ts';
import { type Segment, segmentsOf } from '../series/segments.ts';
import {
  harmonicMean,
  type PrecisionRecall,
  pointScores,
  precisionRecall,
  ratio,
} from './point.ts';
import { requireSameLength } from './validate.ts';

const DAY_MS = 86_400_000;

/** True segments against alarms, both in any one unit. */
interface EventMatch extends PrecisionRecall {
  readonly events: number;
  readonly caught: number;
  /** Alarms that touch no true segment. */
  readonly falseAlarms: number;
  /** From the start of each caught segment to the first alarm inside it, in the segments' unit. */
  readonly delays: readonly number[];
}

interface EventScores extends EventMatch {
  /** Median over caught events; undefined when none was caught. */
  readonly medianDelayRows: number | undefined;
  readonly medianDelayS: number | undefined;
  /** False-alarm events per day of recorded rows; undefined when the series has no duration (one row). */
  readonly falseAlarmsPerDay: number | undefined;
}

/**
 * Events from rows: maximal runs of `labels` against maximal runs of `predicted`. `timeMs` is (n,), ascending; a day
 * is counted in rows times their median distance, so that gaps of the recording do not dilute false alarms.
 * With no event, recall is 0 and precision 0, and false alarms still count. Throws `ShapeError` on other lengths.
 */
export function eventScores(
  labels: Uint8Array,
  predicted: Uint8Array,
  timeMs: Float64Array,
): EventScores {
  requireSameLength(labels, predicted, 'predictions');
  requireSameLength(labels, timeMs, 'times');
  const truth = segmentsOf(labels);
  const match = matchEvents(truth, segmentsOf(predicted));
  const delaysMs = truth.flatMap(({ start, end }) => {
    const first = predicted.subarray(start, end).findIndex((row) => row !== 0);
    return first < 0 ? [] : [(timeMs[start + first] as number) - (timeMs[start] as number)];
  });
  const days = (labels.length * medianStep(timeMs)) / DAY_MS;
  const delayMs = medianOf(delaysMs);
  return {
    ...match,
    medianDelayRows: medianOf(match.delays),
    medianDelayS: delayMs === undefined ? undefined : delayMs / 1000,
    falseAlarmsPerDay: days > 0 ? match.falseAlarms / days : undefined,
  };
}

/**
 * Matches intervals: a segment is caught when any alarm touches it; one long alarm may catch several. Both lists are
 * in order and without overlap among themselves. O(segments + alarms).
 */
export function matchEvents(truth: readonly Segment[], alarms: readonly Segment[]): EventMatch {
  const delays = firstTouching(truth, alarms).flatMap((alarm, index) =>
    alarm ? [Math.max(0, alarm.start - (truth[index]?.start ?? 0))] : [],
  );
  const falseAlarms = firstTouching(alarms, truth).filter((segment) => !segment).length;
  const caught = delays.length;
  return {
    events: truth.length,
    caught,
    falseAlarms,
    delays,
    ...precisionRecall(ratio(caught, caught + falseAlarms), ratio(caught, truth.length)),
  };
}

/** Share of true segments that any flagged row touches; 0 without one. */
function eventRecall(labels: Uint8Array, predicted: Uint8Array): number {
  requireSameLength(labels, predicted, 'predictions');
  return matchEvents(segmentsOf(labels), segmentsOf(predicted)).recall;
}

/** For each interval the first of the others that shares a moment with it. */
function firstTouching(
  intervals: readonly Segment[],
  others: readonly Segment[],
): readonly (Segment | undefined)[] {
  let next = 0;
  return intervals.map(({ start, end }) => {
    while ((others[next]?.end ?? Infinity) <= start) next++;
    const other = others[next];
    return other && other.start < end ? other : undefined;
  });
}

/** Undefined for an empty list. */
function medianOf(values: readonly number[]): number | undefined {
  return values.length === 0 ? undefined : median(values);
}

/**
 * Composite F1: the harmonic mean of event recall and point precision, so that finding each event once suffices but
 * every needless row costs. Garg et al. 2021, "An evaluation of anomaly detection and diagnosis in multivariate time
 * series". 0 when nothing is flagged or labelled.
 */
export function compositeF1(labels: Uint8Array, predicted: Uint8Array): number {
  return harmonicMean(eventRecall(labels, predicted), pointScores(labels, predicted).precision);
}
