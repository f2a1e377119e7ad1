// Precision and recall over ranges instead of rows.
//
// Notation   S a range, P ranges of the other side that touch it, alpha weight of being touched at all,
//   gamma 1 or 1 / |P|, omega share of S's positional weight that P covers

import { type Segment, segmentsOf } from '../series/segments.ts';
import { type PrecisionRecall, precisionRecall } from './point.ts';
import { requireSameLength } from './validate.ts';

/** Which rows of a range matter more: all alike, the first, or the last. */
export type PositionalBias = 'flat' | 'front' | 'back';

export interface RangeOptions {
  /** Weight of existence against overlap in recall, 0 to 1; precision has none. */
  readonly alpha: number;
  readonly bias: PositionalBias;
  /** Whether a range touched by several others counts for less. */
  readonly cardinality: 'one' | 'reciprocal';
}

/** What TSB-AD uses. */
const DEFAULTS: RangeOptions = { alpha: 0.2, bias: 'flat', cardinality: 'reciprocal' };

/**
 * Tatbul et al. 2018, "Precision and recall for time series". 0 where a side has no range at all.
 * Throws `ShapeError` unless both have the same, non-zero length.
 */
export function rangeScores(
  labels: Uint8Array,
  predicted: Uint8Array,
  options: RangeOptions = DEFAULTS,
): PrecisionRecall {
  requireSameLength(labels, predicted, 'predictions');
  const truth = segmentsOf(labels);
  const alarms = segmentsOf(predicted);
  const precision = meanReward(alarms, truth, { ...options, alpha: 0 });
  return precisionRecall(precision, meanReward(truth, alarms, options));
}

function meanReward(
  ranges: readonly Segment[],
  others: readonly Segment[],
  { alpha, bias, cardinality }: RangeOptions,
): number {
  if (ranges.length === 0) return 0;
  let total = 0;
  let next = 0;
  for (const range of ranges) {
    while ((others[next]?.end ?? Infinity) <= range.start) next++;
    const touching: Segment[] = [];
    for (let i = next; (others[i]?.start ?? Infinity) < range.end; i++) {
      touching.push(others[i] as Segment);
    }
    if (touching.length === 0) continue;
    const gamma = cardinality === 'reciprocal' ? 1 / touching.length : 1;
    const omega = touching.reduce((sum, other) => sum + covered(range, other, bias), 0);
    total += alpha + (1 - alpha) * gamma * omega;
  }
  return total / ranges.length;
}

/** Share of the range's positional weight that lies in the other: weights L..1 (front), 1..L (back) or all 1. */
function covered(range: Segment, other: Segment, bias: PositionalBias): number {
  const length = range.end - range.start;
  const from = Math.max(range.start, other.start) - range.start;
  const to = Math.min(range.end, other.end) - range.start;
  const before = (rows: number): number => (rows * (rows + 1)) / 2;
  switch (bias) {
    case 'flat':
      return (to - from) / length;
    case 'back':
      return (before(to) - before(from)) / before(length);
    case 'front':
      return (before(length - from) - before(length - to)) / before(length);
  }
}
