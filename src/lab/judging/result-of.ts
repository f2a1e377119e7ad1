import { median } from '../../engine/statistics.ts';
import type { Model } from '../../models/model.ts';
import {
  type AttributionScores,
  affiliation,
  attributionScores,
  aucPr,
  aucRoc,
  compositeF1,
  type ExplainedSegment,
  LATE_ROWS,
  matchEvents,
  matchOpenings,
  meanOf,
  NAB_PROFILES,
  nabOracle,
  nabRaw,
  nabScore,
  oracleF1,
  oraclePointAdjusted,
  oraclePointAdjustedArea,
  pointScores,
  rangeScores,
  rowScores,
  vus,
  windowLength,
} from '../evaluation/metrics.ts';
import type { ResultRow } from '../evaluation/result-row.ts';
import type { LabelledSeries } from '../series/labelled-series.ts';
import { countMarked, type Segment, segmentsOf } from '../series/segments.ts';
import type { Deployed } from './deployment.ts';
import { bestConstantLevel } from './hindsight.ts';
import type { Performance } from './judge.ts';

const DAY_MS = 86_400_000;

/** Every metric of one performance; `tolerance` is that of VUS in rows, or `period`: the first channel's, as TSB-AD has it. */
export function resultOf(
  performance: Performance,
  truth: LabelledSeries,
  identity: Pick<ResultRow, 'dataset' | 'series' | 'detector' | 'seed'>,
  tolerance: number | 'period' = 100,
): ResultRow {
  const { labels } = truth;
  const { scores, perChannel, deployed, model, trainS, usPerRow } = performance;
  const maxWindow = tolerance === 'period' ? windowLength(firstChannel(truth)) : tolerance;
  const area = vus(labels, scores, maxWindow);
  const explained = truth.segments.flatMap(({ start, end, channels = [] }) => ({
    start,
    end,
    channels,
  }));
  return {
    ...identity,
    rows: labels.length,
    prevalence: countMarked(labels) / labels.length,
    vusPr: area?.pr,
    vusRoc: area?.roc,
    aucPr: aucPr(labels, scores),
    aucRoc: aucRoc(labels, scores),
    oracleF1: oracleF1(labels, scores)?.f1,
    oraclePaF1: oraclePointAdjusted(labels, scores, 0),
    oraclePaArea: oraclePointAdjustedArea(labels, scores),
    nabOracle: nabOracle(
      [{ windows: segmentsOf(labels), scores, probation: 0 }],
      NAB_PROFILES.standard,
    ),
    ...(deployed && rowsDeployed(labels, deployed.anomalous)),
    ...(deployed && eventsDeployed(truth, deployed.alerts)),
    ...(deployed && openingsDeployed(truth, deployed.openings)),
    ...(deployed && { hindsightCaught: hindsightCaught(truth, deployed.alertScores) }),
    ...attributed(attributionScores(perChannel, truth.test.channels.length, explained)),
    ...(deployed && blamed(deployed, truth, explained)),
    trainS,
    usPerRow,
    modelBytes: model && bytesOf(model),
  };
}

function firstChannel({ test }: LabelledSeries): Float64Array {
  const width = test.channels.length;
  return test.values.filter((value, i) => i % width === 0 && Number.isFinite(value));
}

function rowsDeployed(labels: Uint8Array, anomalous: Uint8Array): Partial<ResultRow> {
  // NAB's probation is the training part here, and not among these rows.
  const file = { windows: segmentsOf(labels), scores: Float64Array.from(anomalous), probation: 0 };
  const nab = (profile: keyof typeof NAB_PROFILES): number | undefined =>
    nabScore([file], 1, NAB_PROFILES[profile]);
  return {
    f1Deployed: pointScores(labels, anomalous).f1,
    compositeF1: compositeF1(labels, anomalous),
    rangeF1: rangeScores(labels, anomalous).f1,
    affiliationF1: affiliation(labels, anomalous)?.f1,
    nabStandard: nab('standard'),
    nabLowFalsePositives: nab('lowFalsePositives'),
    nabLowFalseNegatives: nab('lowFalseNegatives'),
  };
}

/** Alerts against runs of labels, by the clock; a day is counted in rows, so that gaps do not dilute false alarms. */
function eventsDeployed(
  { test, labels, intervalMs }: LabelledSeries,
  alerts: readonly Segment[],
): Partial<ResultRow> {
  const timeAt = (row: number): number => test.timeMs[row] as number;
  const truth = segmentsOf(labels).map(({ start, end }) => ({
    start: timeAt(start),
    end: timeAt(end - 1) + intervalMs,
  }));
  const { events, recall, precision, delays, falseAlarms } = matchEvents(truth, alerts);
  const hasEvents = events > 0;
  return {
    eventRecall: hasEvents ? recall : undefined,
    eventPrecision: hasEvents ? precision : undefined,
    medianDelayS: delays.length > 0 ? median(delays) / 1000 : undefined,
    falseAlarmsPerDay: falseAlarms / ((labels.length * intervalMs) / DAY_MS),
  };
}

/** `openings` are the rows in which alerts opened. */
export function openingsDeployed(
  truth: LabelledSeries,
  openings: readonly number[],
): Partial<ResultRow> {
  const { labels, intervalMs } = truth;
  const events = segmentsOf(labels);
  const match = matchOpenings(events, openings);
  const detections = new Float64Array(labels.length);
  for (const row of openings) detections[row] = 1;
  return {
    days: daysOf(truth),
    openingEvents: match.events,
    openingsCaught: match.caught,
    openingsFalse: match.falseAlarms,
    openingDelayS: match.delays.length > 0 ? (median(match.delays) * intervalMs) / 1000 : undefined,
    nabOpenings: nabRaw(
      { windows: events, scores: detections, probation: 0 },
      1,
      NAB_PROFILES.standard,
    ),
  };
}

/** Events that the best constant level catches. A set of less than a day allows no false alarm. */
export function hindsightCaught(truth: LabelledSeries, alertScores: Float64Array): number {
  const { test, labels } = truth;
  const mostFalse = Math.floor(daysOf(truth));
  return bestConstantLevel(alertScores, test.timeMs, segmentsOf(labels), mostFalse).caught;
}

function daysOf({ labels, intervalMs }: LabelledSeries): number {
  return (labels.length * intervalMs) / DAY_MS;
}

function attributed(scores: AttributionScores | undefined): Partial<ResultRow> {
  if (!scores) return {};
  const { hit1, hit3, hit100, hit150, ndcg100, ndcg150 } = scores;
  return { hit1, hit3, hit100, hit150, ndcg100, ndcg150 };
}

/** Of its tensors in a file. */
function bytesOf({ tensors }: Pick<Model, 'tensors'>): number {
  return Object.values(tensors).reduce(
    (sum, { data, half }) => sum + data.length * (half ? 2 : 4),
    0,
  );
}

/** By the rows of the events, and by the alerts that opened in them: a channel that an alert does not name has no share. */
function blamed(
  { blames, opened, openings }: Deployed,
  { test: { channels } }: LabelledSeries,
  explained: readonly ExplainedSegment[],
): Partial<ResultRow> {
  const rows = attributionScores(blames, channels.length, explained);
  const events = explained.filter((segment) => segment.channels.length > 0);
  const judged = opened.flatMap((alert, i) => {
    const row = openings[i] as number;
    const event = events.find(({ start, end }) => start <= row && row < end + LATE_ROWS);
    if (!event) return [];
    const shares = Float32Array.from(
      channels,
      ({ id }) => alert.channels.find((channel) => channel.id === id)?.share ?? 0,
    );
    return [rowScores(shares, new Set(event.channels))];
  });
  const alerts = meanOf(judged);
  return {
    ...(rows && {
      ...{ blameHit1: rows.hit1, blameHit3: rows.hit3 },
      ...{ blameHit100: rows.hit100, blameNdcg100: rows.ndcg100 },
    }),
    ...(alerts && {
      ...{ alertHit1: alerts.hit1, alertHit3: alerts.hit3 },
      ...{ alertHit100: alerts.hit100, alertNdcg100: alerts.ndcg100 },
      alertsExplained: alerts.rows,
    }),
  };
}
