// The channels that a person would name for an anomaly: what the detector blames, and of that what is outside of its usual
// range. A fault in one channel moves a detector's shares of channels that are where they always are.
//
// Notation   C channels; share (C,) of the detector's score, 0 to 1
//            e (C,)   mean over the newest rows of the distance to the usual range, in units of a fifth of its width
//            blame_c = share_c (FLOOR + e_c / (e_c + sqrt(max(1, greatest e))))
import type { AlertChannel, UsualRange } from '../../core/alert.ts';
import type { Score } from '../../core/detector.ts';
import type { Channel } from '../../core/sample.ts';
import type { Window } from '../../core/window.ts';
import type { ScalerState } from '../../models/model.ts';
import { type Attribution, inUnits, reading } from './attribution.ts';
import type { UsualRanges } from './usual-ranges.ts';

/** Rows, tail of the usual range, floor and root were chosen on the selection series, see lab/evaluation/NOTES.md. */
const NEWEST_ROWS = 3;
const FLOOR = 0.3;
/** The usual range of a normal distribution is about five deviations wide. */
const WIDTH_IN_DEVIATIONS = 5;
/** A constant channel has no width: its unit is this share of the scaler's. */
const LEAST_UNIT = 0.2;
/** From this distance on, channels within their ranges are not named. */
const FAR = 1;
/** Smaller shares are not worth a person's time. */
const LEAST_SHARE = 0.01;

export interface Blaming extends Pick<Attribution, 'channels' | 'scaler'> {
  /** Absent = unknown for all channels. */
  readonly usual?: UsualRanges | undefined;
}

/** `limit`: channels at most. */
export type Naming = Blaming & Pick<Attribution, 'limit'>;

interface Named {
  readonly c: number;
  readonly share: number;
}

/**
 * The channels to name, greatest share first. Without usual ranges the shares are the detector's. `expected` is null where
 * the channel cannot have that value.
 */
export function blamed(
  window: Window,
  score: Score,
  blaming: Naming,
  names = named(window, score, blaming),
): AlertChannel[] {
  const { channels, scaler, usual } = blaming;
  return names.map(({ c, share }) => {
    const { id, unit } = channels[c] as Channel;
    const expected = reading(inUnits(score.expected?.[c], c, scaler));
    const range = usual?.rangeOf(c, window.endMs);
    return {
      ...{ id, unit, share, value: reading(window.latest[c]) },
      expected: expected !== null && usual?.canBe(c, expected) === false ? null : expected,
      ...(range && { usual: range }),
    };
  });
}

/** Places of the channels to name, greatest share first. */
export function named(window: Window, score: Score, blaming: Naming): readonly Named[] {
  const excess = excessOf(window, score, blaming);
  const isFar = Math.max(...excess) >= FAR;
  return Array.from(gated(score, excess, isFar), (share, c) => ({ c, share }))
    .filter(({ share }) => share >= LEAST_SHARE)
    .sort((a, b) => b.share - a.share)
    .slice(0, blaming.limit);
}

/** (C,) shares of all channels, adding up to what the detector attributes at all, at most 1. */
export function blameShares(window: Window, score: Score, blaming: Blaming): Float64Array {
  return gated(score, excessOf(window, score, blaming), false);
}

/** `strict`: channels within their ranges have no share. */
function gated(score: Score, excess: Float64Array, strict: boolean): Float64Array {
  const parts = Float64Array.from(score.perChannel, (part) => Math.max(part, 0));
  const half = Math.sqrt(Math.max(1, ...excess));
  const blames = parts.map((part, c) => {
    const e = excess[c] as number;
    return strict && e === 0 ? 0 : part * (FLOOR + e / (e + half));
  });
  const attributed = sum(parts) / Math.max(score.value, sum(parts));
  const whole = sum(blames);
  return blames.map((blame) => (whole > 0 ? (attributed * blame) / whole : 0));
}

/** e of each channel; 0 where no range is known, and where the score has no share. */
function excessOf(
  window: Window,
  { perChannel }: Score,
  { channels, scaler, usual }: Blaming,
): Float64Array {
  return Float64Array.from(channels, (_, c) => {
    const range = usual?.rangeOf(c, window.endMs);
    if (!range || !((perChannel[c] ?? 0) > 0)) return 0;
    const unit = unitOf(range, scaler.scale[c] ?? 0);
    const values = newestOf(window, c, scaler);
    const distances = values.map((value) => Math.max(0, value - range.high, range.low - value));
    return unit > 0 && values.length > 0 ? sum(distances) / (values.length * unit) : 0;
  });
}

/** A deviation of a channel with this usual range, in channel units; `scale` is the scaler's. */
export function unitOf({ low, high }: UsualRange, scale: number): number {
  return Math.max((high - low) / WIDTH_IN_DEVIATIONS, LEAST_UNIT * scale);
}

/** The newest readings of a channel, the newest first; scaled ones may be clipped, the newest is not. */
export function newestOf(
  { values, width, latest, length }: Window,
  c: number,
  scaler: ScalerState,
) {
  const rows = Math.min(NEWEST_ROWS, length);
  return Float64Array.from({ length: rows }, (_, age) => {
    const scaled = values[values.length - (age + 1) * width + c];
    return (age === 0 ? latest[c] : inUnits(scaled, c, scaler)) ?? Number.NaN;
  }).filter(Number.isFinite);
}

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0);
}
