// Affiliation precision and recall: distance between predictions and events, compared with a random point.
//
// Notation   zone I = [from, to), rows nearer to event J = [start, end) than to any other; rows are unit intervals;
//   d distance, U a point uniform in I

import { type Segment, segmentsOf } from '../series/segments.ts';
import { type PrecisionRecall, precisionRecall } from './point.ts';
import { requireSameLength } from './validate.ts';

/** All kinks of the distances below lie on multiples of a quarter row, so the trapezoid rule on that grid is exact. */
const STEP = 0.25;

interface Zone {
  readonly from: number;
  readonly to: number;
  readonly event: Segment;
  /** Predictions cut to the zone. */
  readonly predictions: readonly Segment[];
}

/**
 * Huet et al. 2022, "Local evaluation of time series anomaly detection algorithms". Precision is averaged over the
 * zones that hold a prediction, recall over all events; random predictions reach about .5 and 1, so it says little
 * alone. Undefined without an event; precision 0 when nothing is flagged. O(n).
 */
export function affiliation(
  labels: Uint8Array,
  predicted: Uint8Array,
): PrecisionRecall | undefined {
  requireSameLength(labels, predicted, 'predictions');
  const zones = zonesOf(labels, predicted);
  if (zones.length === 0) return undefined;
  const touched = zones.filter(({ predictions }) => predictions.length > 0);
  const precision = touched.reduce((sum, zone) => sum + zonePrecision(zone), 0);
  const recall = touched.reduce((sum, zone) => sum + zoneRecall(zone), 0);
  return precisionRecall(
    touched.length > 0 ? precision / touched.length : 0,
    recall / zones.length,
  );
}

function zonesOf(labels: Uint8Array, predicted: Uint8Array): readonly Zone[] {
  const events = segmentsOf(labels);
  const alarms = segmentsOf(predicted);
  return events.map((event, index) => {
    const before = events[index - 1];
    const after = events[index + 1];
    const from = before ? (before.end + event.start) / 2 : 0;
    const to = after ? (event.end + after.start) / 2 : labels.length;
    const predictions = alarms
      .map(({ start, end }) => ({ start: Math.max(start, from), end: Math.min(end, to) }))
      .filter(({ start, end }) => start < end);
    return { from, to, event, predictions };
  });
}

/** Mean over the predicted mass of P(d(U, J) >= d(x, J)); it is 1 inside the event. */
function zonePrecision({ from, to, event, predictions }: Zone): number {
  const chance = (distance: number): number => {
    const left = Math.max(0, event.start - from - distance);
    const right = Math.max(0, to - event.end - distance);
    return (left + right) / (to - from);
  };
  let mass = 0;
  let sum = 0;
  for (const { start, end } of predictions) {
    mass += end - start;
    sum += Math.max(0, Math.min(end, event.end) - Math.max(start, event.start));
    sum += integral(start, Math.min(end, event.start), (x) => chance(event.start - x));
    sum += integral(Math.max(start, event.end), end, (x) => chance(x - event.end));
  }
  return sum / mass;
}

/** Mean over the event of P(d(U, y) >= d(nearest prediction, y)). */
function zoneRecall({ from, to, event, predictions }: Zone): number {
  let next = 0;
  const distance = (y: number): number => {
    // y ascends, so predictions wholly before the last one left of y never come nearest again.
    while ((predictions[next + 1]?.start ?? Infinity) <= y) next++;
    const near = predictions.slice(next, next + 2);
    return Math.min(...near.map(({ start, end }) => Math.max(0, start - y, y - end)));
  };
  const sum = integral(event.start, event.end, (y) => {
    const d = distance(y);
    return (Math.max(0, y - d - from) + Math.max(0, to - y - d)) / (to - from);
  });
  return sum / (event.end - event.start);
}

/** Trapezoid rule; 0 for an empty interval. */
function integral(start: number, end: number, value: (x: number) => number): number {
  if (end <= start) return 0;
  const steps = Math.round((end - start) / STEP);
  let sum = value(start) / 2;
  for (let i = 1; i < steps; i++) sum += value(start + i * STEP);
  return (sum + value(end) / 2) * STEP;
}
