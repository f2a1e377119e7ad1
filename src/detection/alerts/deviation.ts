// Weights a score by the deviations that matter to the user, who may set limits for single channels.
import { z } from 'zod';
import type { AlertChannel } from '../../core/alert.ts';
import type { Score } from '../../core/detector.ts';
import { ConfigError } from '../../core/errors.ts';
import type { Channel } from '../../core/sample.ts';
import type { Window } from '../../core/window.ts';
import type { ScalerState } from '../../models/model.ts';
import { attribute } from './attribution.ts';

export const deviationLimits = z.strictObject({
  direction: z
    .enum(['both', 'above', 'below'])
    .default('both')
    .describe('Side of the expected value on which a reading counts')
    .meta({ unit: 'side' }),
  minDeviation: z
    .number()
    .min(0)
    .default(0)
    .describe('A reading nearer than this to its expected value does not count')
    .meta({ unit: 'channel units' }),
  minRelative: z
    .number()
    .min(0)
    .default(0)
    .describe('The same as a share of the expected value')
    .meta({ unit: 'share' }),
});

type DeviationLimits = z.infer<typeof deviationLimits>;

/**
 * Returns a function that computes the share of a score, 0 to 1, from channels whose deviation exceeds their limits.
 * Channels without limits, without a reading or without an expected value count in full. Pure; without limits it is 1 at
 * no cost. Throws `ConfigError` if limits name a channel the stream does not have.
 */
export function createWeighing(
  limits: Readonly<Record<string, DeviationLimits>>,
  context: Named & { readonly scaler: ScalerState },
): (window: Window, score: Score) => number {
  requireKnown('alert', limits, context);
  const limitsOf = new Map(Object.entries(limits));
  if (limitsOf.size === 0) return () => 1;
  const all = { ...context, limit: context.channels.length };
  return (window, score) => {
    let excused = 0;
    for (const channel of attribute(window, score, all)) {
      const own = limitsOf.get(channel.id);
      if (own && !matters(channel, own)) excused += channel.share;
    }
    return Math.max(0, 1 - excused);
  };
}

/** Whether the deviation of a channel exceeds its limits. */
export function matters({ value, expected }: AlertChannel, limits: DeviationLimits): boolean {
  if (value === null || expected === null) return true;
  const { direction, minDeviation, minRelative } = limits;
  const deviation = value - expected;
  if (direction === 'above' && deviation <= 0) return false;
  if (direction === 'below' && deviation >= 0) return false;
  return Math.abs(deviation) >= Math.max(minDeviation, minRelative * Math.abs(expected));
}

interface Named {
  readonly streamId: string;
  readonly channels: readonly Channel[];
}

/** Throws `ConfigError` if limits name a channel that the stream does not have; `what` names the limits in the message. */
export function requireKnown(what: string, limits: object, { streamId, channels }: Named): void {
  const known = new Set(channels.map(({ id }) => id));
  const unknown = Object.keys(limits).filter((id) => !known.has(id));
  if (unknown.length === 0) return;
  throw new ConfigError(
    `${what} limits name ${unknown.join(', ')}, which stream '${streamId}' does not have: choose from ${[...known].join(', ')}`,
    { code: 'SEN_CFG_UNKNOWN_CHANNEL' },
  );
}
