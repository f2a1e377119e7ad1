// What an alert is like: which channels, on which side, how high and how long, so that a later one can be compared with it.
import type { Alert, AlertChannel, BlamedChannel, Side } from '../../core/alert.ts';
import type { AlertPattern, PatternChannel } from '../../core/decisions.ts';

/** How much further than the alert that a pattern is from another may go, by factors. */
export interface PatternMargins {
  /** Of a channel's deviation from its normal centre. */
  readonly deviation: number;
  /** Of the highest score. */
  readonly height: number;
  /** Of the duration. */
  readonly duration: number;
}

/** Of an answer as of a routine. */
export const SCORE_AND_DURATION = { height: 1.5, duration: 2 };

/** A channel with so great a share of the score is compared, wherever its values are. */
const MAIN_SHARE = 0.5;
/** One with so great a share is compared if its values are unusual: the same event never spreads its blame alike ... */
export const COMPARED_SHARE = 0.15;
/** ... so many spreads from their centre. */
const UNUSUAL_SPREADS = 3;
/** Values so many spreads away are compared, however small the share. */
const FAR_SPREADS = 6;
/** An alert of a few rows may last a little longer next time, milliseconds. */
const LEAST_LONGER_MS = 300_000;

/** The pattern of an alert as far as it is known; of one that is open, any duration is like it. */
export function patternOf(alert: Alert, margins: PatternMargins): AlertPattern {
  const { endMs, startMs, peak, level, modelId } = alert;
  const lastedMs = endMs === null ? undefined : endMs - startMs;
  return {
    channels: blamedIn(alert).map((channel) => boundsOf(channel, margins)),
    ...(lastedMs !== undefined && {
      longestMs: Math.max(margins.duration * lastedMs, lastedMs + LEAST_LONGER_MS),
    }),
    height: margins.height * peak * level,
    modelId,
  };
}

/** What any of the patterns covers; `height` combines the greatest scores of patterns of the same model. */
export function joined(
  patterns: readonly AlertPattern[],
  height: (one: number, other: number) => number,
): AlertPattern | undefined {
  const [first, ...others] = patterns;
  return others.reduce<AlertPattern | undefined>(
    (one, other) => one && bothOf(one, other, height),
    first,
  );
}

function bothOf(
  one: AlertPattern,
  other: AlertPattern,
  height: (one: number, other: number) => number,
): AlertPattern {
  const isBounded = one.longestMs !== undefined && other.longestMs !== undefined;
  return {
    channels: joinedChannels([...one.channels, ...other.channels]),
    ...(isBounded && { longestMs: Math.max(one.longestMs ?? 0, other.longestMs ?? 0) }),
    height: one.modelId === other.modelId ? height(one.height, other.height) : other.height,
    modelId: other.modelId,
  };
}

/** Whether an alert is like the pattern: of its channels, on their sides, no higher and no longer. */
export function isLike(pattern: AlertPattern, alert: Alert): boolean {
  const { longestMs, height, modelId } = pattern;
  const compared = comparedIn(alert);
  const isLonger =
    longestMs !== undefined && (alert.endMs ?? alert.timeMs) - alert.startMs > longestMs;
  const isHigher = alert.modelId === modelId && alert.peak * alert.level > height;
  return (
    compared.length > 0 &&
    compared.every((channel) => isLikeChannel(pattern.channels, channel)) &&
    !isLonger &&
    !isHigher
  );
}

/** Whether the pattern has a channel that the alert blames. */
export function concerns({ channels }: AlertPattern, alert: Alert): boolean {
  const compared = comparedIn(alert);
  return channels.some(({ id }) => compared.some((channel) => channel.id === id));
}

/** The channels that are compared; at least the first. */
function comparedIn(alert: Alert): readonly BlamedChannel[] {
  const blamed = blamedIn(alert);
  return blamed.filter((channel, place) => {
    if (place === 0 || channel.share >= MAIN_SHARE) return true;
    const spreads = distanceOf(channel);
    return spreads > (channel.share >= COMPARED_SHARE ? UNUSUAL_SPREADS : FAR_SPREADS);
  });
}

/** Of its farthest value from the centre, in spreads; without a reading it is infinite. */
function distanceOf({ low, high, centre, spread }: BlamedChannel): number {
  if (low === null || high === null) return Number.POSITIVE_INFINITY;
  return Math.max(Math.abs(low - centre), Math.abs(high - centre)) / spread;
}

/** Of an alert from before its whole life was followed, the channels of its peak. */
function blamedIn({ blamed, channels }: Alert): readonly BlamedChannel[] {
  return blamed && blamed.length > 0 ? blamed : channels.map(atPeak);
}

function atPeak({ id, unit, share, value, expected }: AlertChannel): BlamedChannel {
  const [seen, centre] = [value ?? Number.NaN, expected ?? value ?? Number.NaN];
  const spread = Math.abs(seen - centre) / FAR_SPREADS; // unknown: it counts as unusual, and none as far
  return { id, unit, share, side: sideOf(seen - centre), low: value, high: value, centre, spread };
}

export function sideOf(deviation: number): Side {
  if (deviation > 0) return 'above';
  return deviation < 0 ? 'below' : 'both';
}

/** A value may always differ by a spread: it is no more than that apart in normal rows. */
function boundsOf(channel: BlamedChannel, { deviation }: PatternMargins): PatternChannel {
  const { id, unit, side, low, high, centre, spread } = channel;
  const beyond = (value: number | null, sign: number): number | null => {
    if (value === null || !Number.isFinite(centre)) return null;
    const reach = Math.max(0, sign * (value - centre));
    return value + sign * Math.max(spread, (deviation - 1) * reach);
  };
  return { id, unit, side, low: beyond(low, -1), high: beyond(high, 1) };
}

function joinedChannels(channels: readonly PatternChannel[]): readonly PatternChannel[] {
  const found = new Map<string, PatternChannel>();
  for (const channel of channels) {
    const other = found.get(channel.id);
    found.set(channel.id, other ? wider(other, channel) : channel);
  }
  return [...found.values()];
}

function wider(one: PatternChannel, other: PatternChannel): PatternChannel {
  return {
    ...one,
    side: one.side === other.side ? one.side : 'both',
    low: one.low === null || other.low === null ? null : Math.min(one.low, other.low),
    high: one.high === null || other.high === null ? null : Math.max(one.high, other.high),
  };
}

function isLikeChannel(
  channels: readonly PatternChannel[],
  { id, unit, side, low, high }: BlamedChannel,
): boolean {
  const known = channels.find((channel) => channel.id === id);
  if (!known || known.unit !== unit) return false;
  if (known.side !== 'both' && side !== known.side) return false;
  if (known.side !== 'below' && isBeyond(high, known.high, 1)) return false;
  return known.side === 'above' || !isBeyond(low, known.low, -1);
}

function isBeyond(value: number | null, bound: number | null, sign: number): boolean {
  return value !== null && bound !== null && sign * (value - bound) > 0;
}
