// A second view that has to agree with the score before an alert opens: whether a channel that the score blames has left its
// usual range. A score is an estimate over all channels; what it rests on must be visible in at least one of them.
import type { AlertChannel } from '../../core/alert.ts';
import type { Score } from '../../core/detector.ts';
import type { Window } from '../../core/window.ts';
import { type Blaming, inUnits, newestOf, unitOf } from './blame.ts';

/**
 * far = a channel is at least half a deviation outside of its usual range, or too little is known of one to tell; outside = one is
 * outside; inside = all are within their ranges; unresolved = none differs from its range and from its expected value by more
 * than the smallest change that it can show. One that does not differ so says nothing beside others that do.
 */
export type Agreement = 'far' | 'outside' | 'inside' | 'unresolved';

const RANK: Readonly<Record<Agreement, number>> = { unresolved: 0, inside: 1, outside: 2, far: 3 };

/** The one that agrees more with a score. */
export function stronger(one: Agreement, other: Agreement): Agreement {
  return RANK[other] > RANK[one] ? other : one;
}

/** From this distance on a channel is far outside, in deviations, see `unitOf`. Chosen with the selection series. */
const FAR_OUTSIDE = 0.5;

/** Scaled readings are rounded to 32 bits: differences below this share of the scaler's unit say nothing. */
const ROUNDING = 1e-6;
/** An expected value lies between two steps of a channel, and so may be a whole step beside the right one. */
const STEPS_OF_EXPECTED = 2;

/** `named`: the channels that an alert would name. Pure, O(C). */
export function agreementOf(
  window: Window,
  score: Score,
  named: readonly Pick<AlertChannel, 'id'>[],
  blaming: Blaming,
): Agreement {
  if (!blaming.usual) return 'far';
  const places = named.map(({ id }) => blaming.channels.findIndex((channel) => channel.id === id));
  const distances = places.map((c) => distanceOf(c, window, score, blaming));
  if (distances.length === 0) return 'far';
  const resolved = distances.filter(
    ({ outside, expected, step }) => outside > step || expected > STEPS_OF_EXPECTED * step,
  );
  if (resolved.length === 0) return 'unresolved';
  if (resolved.some(({ outside, unit }) => outside >= FAR_OUTSIDE * unit)) return 'far';
  return resolved.some(({ outside }) => outside > 0) ? 'outside' : 'inside';
}

/** How far a channel is from its usual range and from its expected value, and the smallest change that it can show. */
interface Distance {
  /** The farthest of the newest rows; 0 = within the range. */
  readonly outside: number;
  readonly expected: number;
  readonly step: number;
  /** A deviation of the channel. */
  readonly unit: number;
}

/** What is not known counts as infinitely far. */
function distanceOf(c: number, window: Window, score: Score, { usual, scaler }: Blaming): Distance {
  const range = usual?.rangeOf(c, window.endMs);
  const value = window.latest[c] ?? Number.NaN;
  const rounding = ROUNDING * (scaler.scale[c] ?? 0);
  const step = Math.max(rounding, (1 + ROUNDING) * (usual?.resolutionOf(c) ?? 0));
  const deviation = Math.abs(value - (inUnits(score.expected?.[c], c, scaler) ?? Number.NaN));
  const expected = Number.isNaN(deviation) ? Number.POSITIVE_INFINITY : deviation;
  if (!range || !Number.isFinite(value))
    return { outside: Number.POSITIVE_INFINITY, expected, step, unit: 1 };
  const { low, high } = range;
  const outside = newestOf(window, c, scaler).map((row) => Math.max(row - high, low - row));
  const farthest = Math.max(...outside);
  const unit = unitOf(range, scaler.scale[c] ?? 0);
  return { outside: farthest > rounding ? farthest : 0, expected, step, unit };
}
