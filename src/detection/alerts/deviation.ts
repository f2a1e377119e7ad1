// Weights a score by the deviations that matter to the user, who may set limits for single channels.
import { z } from 'zod';
import type { AlertChannel } from '../../core/alert.ts';
import type { Score } from '../../core/detector.ts';
import { ConfigError } from '../../core/errors.ts';
import type { Channel } from '../../core/sample.ts';
import type { Window } from '../../core/window.ts';
import { type Blaming, detectorShares, readingOf } from './blame.ts';

export const deviationLimits = z.strictObject({
  direction: z
    .enum(['both', 'above', 'below'])
    .default('both')
    .describe('Side of its usual range on which a reading counts')
    .meta({ unit: 'side' }),
  minDeviation: z
    .number()
    .min(0)
    .default(0)
    .describe('A reading nearer than this to its usual range does not count')
    .meta({ unit: 'channel units' }),
  minRelative: z
    .number()
    .min(0)
    .default(0)
    .describe('The same as a share of the nearest end of that range')
    .meta({ unit: 'share' }),
});

type DeviationLimits = z.infer<typeof deviationLimits>;

/**
 * Returns a function that computes the share of a score, 0 to 1, from channels whose deviation exceeds their limits.
 * Channels without limits, without a reading or with nothing to compare it with count in full. Pure; without limits it is 1
 * at no cost. Throws `ConfigError` if limits name a channel the stream does not have.
 */
export function createWeighing(
  limits: Readonly<Record<string, DeviationLimits>>,
  context: Named & Blaming,
): (window: Window, score: Score) => number {
  requireKnown('alert limits', limits, context);
  const limited = context.channels.flatMap(({ id }, c) => {
    const own = limits[id];
    return own ? { c, own } : [];
  });
  if (limited.length === 0) return () => 1;
  return (window, score) => {
    const shares = detectorShares(score);
    let excused = 0;
    for (const { c, own } of limited) {
      if (!matters(readingOf(c, window, score, context), own)) excused += shares[c] as number;
    }
    return Math.max(0, 1 - excused);
  };
}

/**
 * Whether the deviation of a channel exceeds its limits: from its usual range, or where that is unknown from what the
 * detector expected.
 */
export function matters(
  { value, expected, usual }: Pick<AlertChannel, 'value' | 'expected' | 'usual'>,
  { direction, minDeviation, minRelative }: DeviationLimits,
): boolean {
  if (value === null) return true;
  const normal = usual ? Math.min(usual.high, Math.max(usual.low, value)) : expected;
  if (normal === null) return true;
  const deviation = value - normal;
  if (direction === 'above' && deviation <= 0) return false;
  if (direction === 'below' && deviation >= 0) return false;
  return Math.abs(deviation) >= Math.max(minDeviation, minRelative * Math.abs(normal));
}

interface Named {
  readonly streamId: string;
  readonly channels: readonly Channel[];
}

/**
 * Throws `ConfigError` if limits name a channel that the stream does not have. `what` names the limits in the message, `nameOf`
 * a channel as they may do it besides by its id.
 */
export function requireKnown(
  what: string,
  limits: object,
  { streamId, channels }: Named,
  nameOf: (channel: Channel) => string = ({ id }) => id,
): void {
  const known = new Set(channels.flatMap((channel) => [channel.id, nameOf(channel)]));
  const unknown = Object.keys(limits).filter((name) => !known.has(name));
  if (unknown.length === 0) return;
  throw new ConfigError(
    `${what} name ${unknown.join(', ')}, which stream '${streamId}' does not have: choose from ${channels.map(nameOf).join(', ')}`,
    { code: 'SEN_CFG_UNKNOWN_CHANNEL' },
  );
}
