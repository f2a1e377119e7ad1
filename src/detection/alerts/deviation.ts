// How much of a score is about deviations that matter to the user, who may set limits for single channels.
import { z } from 'zod';
import type { AlertChannel } from '../../core/alert.ts';
import type { Score } from '../../core/detector.ts';
import type { Window } from '../../core/window.ts';
import type { ScalerState } from '../../models/model.ts';
import { attribute } from './attribution.ts';
import { type Named, requireKnown } from './known-channels.ts';

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

export type DeviationLimits = z.infer<typeof deviationLimits>;

/**
 * A function that tells the share of a score, 0 to 1, that channels have which deviate as their limits ask. Channels
 * without limits, without a reading or without an expected value count in full: what cannot be told hides nothing.
 * Pure; 1 at no cost where there are no limits. Throws `ConfigError` if limits name a channel the stream does not have.
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

function matters({ value, expected }: AlertChannel, limits: DeviationLimits): boolean {
  if (value === null || expected === null) return true;
  const { direction, minDeviation, minRelative } = limits;
  const deviation = value - expected;
  if (direction === 'above' && deviation <= 0) return false;
  if (direction === 'below' && deviation >= 0) return false;
  return Math.abs(deviation) >= Math.max(minDeviation, minRelative * Math.abs(expected));
}
