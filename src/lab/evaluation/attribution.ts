// Whether a detector attributes anomalies to the channels that caused them.
import { ShapeError } from '../../core/errors.ts';
import type { Segment } from '../series/segments.ts';

/** A labelled segment whose guilty channels are known, as 0-based indices. */
export interface ExplainedSegment extends Segment {
  readonly channels: readonly number[];
}

export interface AttributionScores {
  /** Whether the first that is blamed is guilty, and whether one of the first three is; mean over rows, 0 to 1. */
  readonly hit1: number;
  readonly hit3: number;
  /** Share of the guilty among the first round(P % of their number) blamed, P = 100 and 150; mean over rows, 0 to 1. */
  readonly hit100: number;
  readonly hit150: number;
  /** Normalised discounted cumulative gain at the same places, 0 to 1. */
  readonly ndcg100: number;
  readonly ndcg150: number;
  /** Rows that were judged. */
  readonly rows: number;
}

/**
 * Judges each row of each segment by the order of its channel shares; channels with equal shares share their places,
 * so a detector that blames none gets chance. `perChannel` is (N, C) row-major. Undefined without a guilty channel.
 * Su et al. 2019, "Robust anomaly detection for multivariate time series" (HitRate@P%); NDCG as scikit-learn's.
 */
export function attributionScores(
  perChannel: Float32Array,
  width: number,
  segments: readonly ExplainedSegment[],
): AttributionScores | undefined {
  const judged: RowScores[] = [];
  for (const segment of segments) {
    requireInside(perChannel, width, segment);
    if (segment.channels.length === 0) continue;
    const guilty = new Set(segment.channels);
    for (let row = segment.start; row < segment.end; row++) {
      judged.push(rowScores(perChannel.subarray(row * width, (row + 1) * width), guilty));
    }
  }
  return meanOf(judged);
}

/** What one list of blamed channels is worth. */
type RowScores = Omit<AttributionScores, 'rows'>;

/** `shares` is (C,), `guilty` holds at least one of its places. */
export function rowScores(shares: Float32Array, guilty: ReadonlySet<number>): RowScores {
  const gains = gainsByPlace(shares, guilty);
  const first = roundHalfEven(guilty.size);
  const wider = roundHalfEven(1.5 * guilty.size);
  return {
    hit1: found(gains, 1),
    hit3: found(gains, 3),
    hit100: hitRate(gains, guilty.size, first),
    hit150: hitRate(gains, guilty.size, wider),
    ndcg100: ndcg(gains, guilty.size, first),
    ndcg150: ndcg(gains, guilty.size, wider),
  };
}

/** Undefined without any. */
export function meanOf(judged: readonly RowScores[]): AttributionScores | undefined {
  const rows = judged.length;
  if (rows === 0) return undefined;
  const mean = (key: keyof RowScores): number =>
    judged.reduce((sum, scores) => sum + scores[key], 0) / rows;
  return {
    ...{ hit1: mean('hit1'), hit3: mean('hit3'), hit100: mean('hit100'), hit150: mean('hit150') },
    ...{ ndcg100: mean('ndcg100'), ndcg150: mean('ndcg150'), rows },
  };
}

function requireInside(perChannel: Float32Array, width: number, segment: ExplainedSegment): void {
  const rows = perChannel.length / width;
  const stray = segment.channels.find((c) => c < 0 || c >= width);
  if (segment.start >= 0 && segment.end <= rows && stray === undefined) return;
  throw new ShapeError(
    `segment ${segment.start}..${segment.end} with channels ${segment.channels.join(', ')} ` +
      `does not fit ${rows} rows of ${width} channels: check the interpretation labels`,
    { code: 'SEN_SHP_LABELS' },
  );
}

/** (C,) expected guilt at each place, greatest share first; equal shares have the mean of their group. */
function gainsByPlace(shares: Float32Array, guilty: ReadonlySet<number>): Float64Array {
  const order = Array.from(shares, (_, c) => c).sort(
    (a, b) => (shares[b] as number) - (shares[a] as number),
  );
  const gains = Float64Array.from(order, (c) => (guilty.has(c) ? 1 : 0));
  for (let from = 0; from < order.length; ) {
    let to = from + 1;
    while (to < order.length && shares[order[to] as number] === shares[order[from] as number]) to++;
    const group = gains.subarray(from, to);
    group.fill(group.reduce((sum, gain) => sum + gain, 0) / group.length);
    from = to;
  }
  return gains;
}

/** Chance that a guilty one is among the first places; at most the number that is expected there. */
function found(gains: Float64Array, places: number): number {
  return Math.min(
    1,
    gains.subarray(0, places).reduce((sum, gain) => sum + gain, 0),
  );
}

function hitRate(gains: Float64Array, guilty: number, places: number): number {
  return gains.subarray(0, places).reduce((sum, gain) => sum + gain, 0) / guilty;
}

function ndcg(gains: Float64Array, guilty: number, places: number): number {
  const discount = (place: number): number => 1 / Math.log2(place + 2);
  let gained = 0;
  let ideal = 0;
  for (let place = 0; place < Math.min(places, gains.length); place++) {
    gained += (gains[place] as number) * discount(place);
    if (place < guilty) ideal += discount(place);
  }
  return gained / ideal;
}

/** As Python rounds, which the published figures rest on: 4.5 becomes 4. */
function roundHalfEven(value: number): number {
  const rounded = Math.round(value);
  return rounded - value === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
}
