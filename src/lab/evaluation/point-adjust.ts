// Point adjustment: a segment counts as wholly found once enough of its rows are flagged. Inflated by construction,
// and printed for comparison only; PA%K and its area show how much of it is genuine.

import { countMarked, type Segment, segmentsOf } from '../series/segments.ts';
import { type PrecisionRecall, pointScores } from './point.ts';
import { cutsOf } from './ranking.ts';
import { hasBothClasses, requireSameLength, requireScores } from './validate.ts';

/** K = 0, 10, ... 100 per cent. */
const STEPS = Array.from({ length: 11 }, (_, i) => i * 10);

/**
 * F1 after PA%K: a segment with more than `percent` % of its rows flagged is flagged whole. 0 is plain point adjustment,
 * 100 adjusts nothing; F1 never rises with `percent`. Kim et al. 2022, "Towards a rigorous evaluation of time-series
 * anomaly detection".
 */
export function pointAdjusted(
  labels: Uint8Array,
  predicted: Uint8Array,
  percent: number,
): PrecisionRecall {
  requireSameLength(labels, predicted, 'predictions');
  const adjusted = predicted.slice();
  for (const { start, end } of segmentsOf(labels)) {
    const hits = countMarked(predicted.subarray(start, end));
    if (isFound(hits, end - start, percent)) adjusted.fill(1, start, end);
  }
  return pointScores(labels, adjusted);
}

/** Area under F1 against K, 0 to 1, trapezoid over K = 0 to 100 %. */
export function pointAdjustedArea(labels: Uint8Array, predicted: Uint8Array): number {
  return areaOver(STEPS.map((percent) => pointAdjusted(labels, predicted, percent).f1));
}

/**
 * The best F1 after PA%K over all levels, chosen by the labels. `percent` 0 is the PA-F1 of many papers: a random
 * score reaches .9 and more. Undefined when no row or every row is labelled. O(n log n).
 */
export function oraclePointAdjusted(
  labels: Uint8Array,
  scores: Float64Array,
  percent: number,
): number | undefined {
  requireScores(labels, scores);
  if (!hasBothClasses(labels)) return undefined;
  const found = rowsFound(labels, scores, segmentsOf(labels), percent);
  const positives = countMarked(labels);
  let best = 0;
  for (const { level, falsePositives } of cutsOf(labels, scores)) {
    const hits = found(level);
    best = Math.max(best, (2 * hits) / (hits + falsePositives + positives));
  }
  return best;
}

/** Area under the oracle F1 against K. */
export function oraclePointAdjustedArea(
  labels: Uint8Array,
  scores: Float64Array,
): number | undefined {
  const curve = STEPS.map((percent) => oraclePointAdjusted(labels, scores, percent));
  return curve.every((f1) => f1 !== undefined) ? areaOver(curve) : undefined;
}

/** In whole numbers, because 3 of 10 must not be more than 30 %. */
function isFound(hits: number, length: number, percent: number): boolean {
  return hits * 100 > percent * length;
}

function areaOver(curve: readonly number[]): number {
  let area = 0;
  for (let i = 1; i < curve.length; i++) {
    area += ((curve[i] as number) + (curve[i - 1] as number)) / 2 / (curve.length - 1);
  }
  return area;
}

/** Labelled rows that count as found at a level; to be called with descending levels, each row is visited once. */
function rowsFound(
  labels: Uint8Array,
  scores: Float64Array,
  segments: readonly Segment[],
  percent: number,
): (level: number) => number {
  const owner = new Int32Array(labels.length);
  segments.forEach(({ start, end }, index) => {
    owner.fill(index, start, end);
  });
  const rows = Uint32Array.from(scores, (_, row) => row).filter((row) => labels[row] !== 0);
  rows.sort((a, b) => (scores[b] as number) - (scores[a] as number) || a - b);
  const hits = new Uint32Array(segments.length);
  let next = 0;
  let found = 0;
  return (level) => {
    for (; next < rows.length && (scores[rows[next] as number] as number) >= level; next++) {
      const index = owner[rows[next] as number] as number;
      const { start, end } = segments[index] as Segment;
      const before = hits[index] as number;
      hits[index] = before + 1;
      found +=
        countedAt(before + 1, end - start, percent) - countedAt(before, end - start, percent);
    }
    return found;
  };
}

function countedAt(hits: number, length: number, percent: number): number {
  return isFound(hits, length, percent) ? length : hits;
}
