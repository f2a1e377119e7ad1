// The channels that a person would name for an anomaly: what the detector blames, and of that what is outside of its usual
// range. A fault in one channel moves a detector's shares of channels that are where they always are.
//
// Notation   C channels; share (C,) of the detector's score, 0 to 1
//            e (C,)   mean over the newest rows of the distance to the usual range, in units of a fifth of its width
//            blame_c = share_c (FLOOR + e_c / (e_c + sqrt(max(1, greatest e))))
import type { AlertChannel } from '../../core/alert.ts';
import type { Score } from '../../core/detector.ts';
import type { Channel } from '../../core/sample.ts';
import type { Window } from '../../core/window.ts';
import type { ScalerState } from '../../models/model.ts';
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

export interface Blaming {
  readonly channels: readonly Channel[];
  readonly scaler: ScalerState;
  /** Absent = unknown for all channels. */
  readonly usual?: UsualRanges | undefined;
}

/** The channels to name for a row; to be read only. */
export type RowBlame = (window: Window, score: Score) => readonly AlertChannel[];

/** `blamed`, computed once for a row however many ask for it. */
export function rowBlame(blaming: Blaming): RowBlame {
  let known: { readonly endMs: number; readonly score: Score; readonly found: AlertChannel[] };
  return (window, score) => {
    if (known?.score !== score || known.endMs !== window.endMs) {
      known = { endMs: window.endMs, score, found: blamed(window, score, blaming) };
    }
    return known.found;
  };
}

/**
 * The channels to name, greatest share first; shares sum to at most 1. Without usual ranges they are the detector's, where
 * negative contributions count as 0.
 */
export function blamed(window: Window, score: Score, blaming: Blaming): AlertChannel[] {
  const excess = excessOf(window, score, blaming);
  const isFar = Math.max(...excess) >= FAR;
  const shares = gated(score, excess, isFar);
  return blaming.channels
    .map(({ id, unit }, c) => ({ id, unit, c, share: shares[c] as number }))
    .filter(({ share }) => share >= LEAST_SHARE)
    .sort((a, b) => b.share - a.share)
    .map(({ id, unit, c, share }) => ({
      id,
      unit,
      share,
      ...readingOf(c, window, score, blaming),
    }));
}

/**
 * What a channel reads, and what it would be compared with. `expected` is null where the detector gives none, or one that the
 * channel cannot have.
 */
export function readingOf(
  c: number,
  window: Window,
  score: Score,
  { scaler, usual }: Blaming,
): Pick<AlertChannel, 'value' | 'expected' | 'usual'> {
  const expected = reading(inUnits(score.expected?.[c], c, scaler));
  const range = usual?.rangeOf(c, window.endMs);
  return {
    value: reading(window.latest[c]),
    expected: expected !== null && usual?.canBe(c, expected) === false ? null : expected,
    ...(range && { usual: range }),
  };
}

/** (C,) shares of all channels, adding up to what the detector attributes at all, at most 1. */
export function blameShares(window: Window, score: Score, blaming: Blaming): Float64Array {
  return gated(score, excessOf(window, score, blaming), false);
}

/** `strict`: channels within their ranges have no share. */
function gated(score: Score, excess: Float64Array, strict: boolean): Float64Array {
  const parts = detectorShares(score);
  const half = Math.sqrt(Math.max(1, ...excess));
  const blames = parts.map((part, c) => {
    const e = excess[c] as number;
    return strict && e === 0 ? 0 : part * (FLOOR + e / (e + half));
  });
  const attributed = sum(parts);
  const whole = sum(blames);
  return blames.map((blame) => (whole > 0 ? (attributed * blame) / whole : 0));
}

/** (C,) shares as the detector gives them: negative contributions are 0, and all sum to at most 1. */
export function detectorShares({ value, perChannel }: Score): Float64Array {
  const parts = Float64Array.from(perChannel, (part) => Math.max(part, 0));
  const whole = Math.max(value, sum(parts));
  return parts.map((part) => (whole > 0 ? part / whole : 0));
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
    const width = (range.high - range.low) / WIDTH_IN_DEVIATIONS;
    const unit = Math.max(width, LEAST_UNIT * (scaler.scale[c] ?? 0));
    const values = newestOf(window, c, scaler);
    const distances = values.map((value) => Math.max(0, value - range.high, range.low - value));
    return unit > 0 && values.length > 0 ? sum(distances) / (values.length * unit) : 0;
  });
}

/** The newest readings of a channel; scaled ones may be clipped, the newest is not. */
function newestOf({ values, width, latest, length }: Window, c: number, scaler: ScalerState) {
  const rows = Math.min(NEWEST_ROWS, length);
  return Float64Array.from({ length: rows }, (_, age) => {
    const scaled = values[values.length - (age + 1) * width + c];
    return (age === 0 ? latest[c] : inUnits(scaled, c, scaler)) ?? Number.NaN;
  }).filter(Number.isFinite);
}

/** A scaled value in the unit of its channel. */
function inUnits(scaled: number | undefined, c: number, scaler: ScalerState): number | undefined {
  if (scaled === undefined) return undefined;
  return scaled * (scaler.scale[c] ?? Number.NaN) + (scaler.offset[c] ?? Number.NaN);
}

/** null = no reading. */
function reading(value: number | undefined): number | null {
  return value !== undefined && Number.isFinite(value) ? value : null;
}

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0);
}
