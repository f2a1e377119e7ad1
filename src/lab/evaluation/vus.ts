// Volume under the surface: range-aware PR and ROC areas, averaged over tolerance windows 0..L around each segment.
//
// Notation   n rows, P labelled rows, w tolerance window, h = floor(w/2) rows of tolerance on each side, K thresholds
//   rank (n,)      first threshold that flags the row; a row is flagged at k when rank <= k
//   flagged (K,)   rows flagged at each threshold
//   A, T, E (K,)   flagged soft mass outside segments, flagged labelled rows, merged segments hit: cumulated over k
import { type Segment, segmentsOf } from '../series/segments.ts';
import { hasBothClasses, requireScores } from './validate.ts';

/** Thresholds per curve; TSB-AD uses 250. */
const THRESHOLDS = 250;

export interface Vus {
  /** VUS-PR, 0 to 1. */
  readonly pr: number;
  /** VUS-ROC, 0 to 1. */
  readonly roc: number;
}

/**
 * VUS-PR and VUS-ROC with windows 0..`maxWindow` rows. A row at distance d outside a segment counts sqrt(1 - d/w)
 * of a labelled one. Undefined when no row or every row is labelled; constant scores have a defined, low value.
 * Invariant to monotone transforms. Cost O(n log n + m L) with m <= min(n, segments L) rows near a segment.
 * Paparrizos et al. 2022, "Volume under the surface", as TSB-AD computes it (Liu and Paparrizos 2024).
 */
export function vus(labels: Uint8Array, scores: Float64Array, maxWindow = 100): Vus | undefined {
  requireScores(labels, scores);
  if (!Number.isInteger(maxWindow) || maxWindow < 0) {
    throw new RangeError(`the largest window is ${maxWindow}, a whole number >= 0 is needed`);
  }
  if (!hasBothClasses(labels)) return undefined;
  const rank = ranks(scores);
  const segments = segmentsOf(labels);
  const near = nearRows(labels.length, segments, maxWindow >> 1);
  const hits = firstHits(rank, segments);
  const counts = {
    flagged: cumulate(rank, () => true),
    labelled: cumulate(rank, (i) => labels[i] !== 0),
  };
  const total = { pr: 0, roc: 0 };
  for (let w = 0; w <= maxWindow; w++) {
    if (w > 0 && w % 2 === 0) widen(hits, rank, segments, w >> 1);
    const mass = softMass(near, rank, w);
    const { existing, merged } = mergedHits(hits, segments, w >> 1);
    const areas = areasOf(labels.length, counts, mass, existing, merged);
    total.pr += areas.pr;
    total.roc += areas.roc;
  }
  return { pr: total.pr / (maxWindow + 1), roc: total.roc / (maxWindow + 1) };
}

/** (n,) first of the K thresholds, taken at evenly spaced ranks from the top, that a score reaches. */
function ranks(scores: Float64Array): Uint8Array {
  const n = scores.length;
  const ascending = scores.slice().sort();
  const step = (n - 1) / (THRESHOLDS - 1);
  const levels = Float64Array.from({ length: THRESHOLDS }, (_, k) => {
    const place = k === THRESHOLDS - 1 ? n - 1 : Math.trunc(k * step);
    return ascending[n - 1 - place] as number;
  });
  return Uint8Array.from(scores, (score) => {
    let low = 0;
    let high = THRESHOLDS - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((levels[middle] as number) <= score) high = middle;
      else low = middle + 1;
    }
    return low;
  });
}

/** (K,) rows of a kind flagged at each threshold. */
function cumulate(rank: Uint8Array, counts: (row: number) => boolean): Float64Array {
  const cumulated = new Float64Array(THRESHOLDS);
  rank.forEach((k, row) => {
    if (counts(row)) cumulated[k] = (cumulated[k] as number) + 1;
  });
  return prefixSum(cumulated);
}

function prefixSum(values: Float64Array): Float64Array {
  for (let k = 1; k < values.length; k++) {
    values[k] = (values[k] as number) + (values[k - 1] as number);
  }
  return values;
}

/** A row outside all segments with its distances to the nearest and second nearest segment. */
interface NearRow {
  readonly row: number;
  readonly nearest: number;
  readonly second: number;
}

/** Rows at most `reach` outside a segment, nearest first. */
function nearRows(n: number, segments: readonly Segment[], reach: number): readonly NearRow[] {
  const near: NearRow[] = [];
  for (let gap = 0; gap <= segments.length; gap++) {
    const before = segments.slice(Math.max(0, gap - 2), gap).map(({ end }) => end - 1);
    const after = segments.slice(gap, gap + 2).map(({ start }) => start);
    const first = segments[gap - 1]?.end ?? 0;
    const last = (segments[gap]?.start ?? n) - 1;
    const visit = (row: number): void => {
      const distances = [...before, ...after]
        .map((edge) => Math.abs(row - edge))
        .sort((a, b) => a - b);
      near.push({ row, nearest: distances[0] ?? n, second: distances[1] ?? n });
    };
    const split = before.length === 0 ? first - 1 : Math.min(last, first + reach - 1);
    for (let row = first; row <= split; row++) visit(row);
    const resume = after.length === 0 ? last + 1 : Math.max(split + 1, last - reach + 1);
    for (let row = resume; row <= last; row++) visit(row);
  }
  return near.sort((a, b) => a.nearest - b.nearest);
}

/**
 * (K,) soft mass flagged at each threshold. Two segments within reach give at least 2 sqrt(1/2) > 1, hence the
 * full 1: the second nearest distance is all that has to be known of the others.
 */
function softMass(near: readonly NearRow[], rank: Uint8Array, w: number): Float64Array {
  const h = w >> 1;
  const mass = new Float64Array(THRESHOLDS);
  for (const { row, nearest, second } of near) {
    if (nearest > h) break;
    const k = rank[row] as number;
    mass[k] = (mass[k] as number) + (second <= h ? 1 : Math.sqrt(1 - nearest / w));
  }
  return prefixSum(mass);
}

/** (segments,) first threshold that flags a row of the segment. */
function firstHits(rank: Uint8Array, segments: readonly Segment[]): Uint8Array {
  return Uint8Array.from(segments, ({ start, end }) =>
    rank.subarray(start, end).reduce((a, b) => Math.min(a, b)),
  );
}

/** Takes in the two rows that tolerance `h` adds to each segment. */
function widen(hits: Uint8Array, rank: Uint8Array, segments: readonly Segment[], h: number): void {
  segments.forEach(({ start, end }, index) => {
    const left = rank[start - h] ?? THRESHOLDS;
    const right = rank[end - 1 + h] ?? THRESHOLDS;
    hits[index] = Math.min(hits[index] as number, left, right);
  });
}

/** Merged segments, and (K,) how many of them are hit, once each is widened by `h` and overlapping ones are one. */
function mergedHits(
  hits: Uint8Array,
  segments: readonly Segment[],
  h: number,
): { existing: Float64Array; merged: number } {
  const existing = new Float64Array(THRESHOLDS);
  let merged = 0;
  let first = THRESHOLDS;
  segments.forEach(({ end }, index) => {
    first = Math.min(first, hits[index] as number);
    const next = segments[index + 1];
    if (next && end - 1 + h >= next.start - h) return;
    existing[first] = (existing[first] as number) + 1;
    merged++;
    first = THRESHOLDS;
  });
  return { existing: prefixSum(existing), merged };
}

function areasOf(
  n: number,
  counts: { readonly flagged: Float64Array; readonly labelled: Float64Array },
  mass: Float64Array,
  existing: Float64Array,
  merged: number,
): Vus {
  const positives = counts.labelled[THRESHOLDS - 1] as number;
  let pr = 0;
  let roc = 0;
  let tprBefore = 0;
  let fprBefore = 0;
  for (let k = 0; k < THRESHOLDS; k++) {
    const flagged = counts.flagged[k] as number;
    const soft = mass[k] as number;
    const hit = (counts.labelled[k] as number) + soft;
    const expected = positives + soft / 2;
    const tpr = Math.min(hit / expected, 1) * ((existing[k] as number) / merged);
    const fpr = (flagged - hit) / (n - expected);
    pr += (tpr - tprBefore) * (hit / flagged);
    roc += ((fpr - fprBefore) * (tpr + tprBefore)) / 2;
    tprBefore = tpr;
    fprBefore = fpr;
  }
  return { pr, roc: roc + ((1 - fprBefore) * (1 + tprBefore)) / 2 };
}
