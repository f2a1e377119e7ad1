// What rounds of a growth do.
import { type GrowthMode, type GrowthOptions, growthModes } from '../options.ts';
import { growFeedForward } from './grow-feed-forward.ts';
import { growHead } from './grow-head.ts';
import type { Mode } from './mode.ts';
import { pruneFeedForward } from './prune-feed-forward.ts';
import { pruneHead } from './prune-head.ts';
import { pruneWidth } from './prune-width.ts';

export const modes: Readonly<Record<GrowthMode, Mode>> = {
  'grow-head': growHead,
  'grow-feed-forward': growFeedForward,
  'prune-head': pruneHead,
  'prune-feed-forward': pruneFeedForward,
  'prune-width': pruneWidth,
};

/** Those that a growth goes through, again and again. */
export function orderOf({ pruneWidth: narrows }: Pick<GrowthOptions, 'pruneWidth'>) {
  return growthModes.filter((mode) => narrows || mode !== 'prune-width');
}

/** The one that follows; the first after none. */
export function modeAfter(mode: GrowthMode | undefined, options: GrowthOptions): GrowthMode {
  const order = orderOf(options);
  const at = mode === undefined ? -1 : order.indexOf(mode);
  return order[(at + 1) % order.length] as GrowthMode;
}
