// What one layer of a space may be: a width, heads that fit it, a feed-forward stack. All layers have the same options.
import type { EncoderLayer, Head } from '../../../models/design-point.ts';
import { ordered } from './heads.ts';
import { multisets, tuples } from './multisets.ts';
import { type DesignSpace, legalCounts, legalHeads, requireDesigns } from './space.ts';

export interface LayerOptions {
  /** Widths that have heads, and those. */
  readonly widths: readonly WidthOption[];
  readonly stacks: readonly (readonly number[])[];
}

export interface WidthOption {
  readonly hidden: number;
  readonly heads: readonly (readonly Head[])[];
}

/** Throws `ConfigError` for an empty space. */
export function layerOptions(space: DesignSpace): LayerOptions {
  requireDesigns(space);
  const byCount = new Map(space.heads.map((count) => [count, headOptions(space, count)]));
  const widths = space.hidden.map((hidden) => ({
    hidden,
    heads: legalCounts(space, hidden).flatMap((count) => byCount.get(count) ?? []),
  }));
  return { widths: widths.filter(({ heads }) => heads.length > 0), stacks: stackOptions(space) };
}

/** All layers: the stack runs fastest, the width slowest. */
export function layersOf({ widths, stacks }: LayerOptions): readonly EncoderLayer[] {
  return widths.flatMap(({ hidden, heads }) =>
    heads.flatMap((list) =>
      stacks.map((feedForward) => ({ hidden, heads: [...list], feedForward: [...feedForward] })),
    ),
  );
}

/** Sets of so many heads, in the order that all lists of heads keep. */
export function headOptions(space: DesignSpace, count: number): readonly (readonly Head[])[] {
  const heads = ordered(legalHeads(space));
  if (space.mixedHeads) return multisets(heads, count);
  return heads.map((head) => Array.from({ length: count }, () => head));
}

export function stackOptions(space: DesignSpace): readonly (readonly number[])[] {
  const { feedForward, stacks, mixedStacks } = space;
  return stacks.flatMap((count) =>
    mixedStacks
      ? tuples(feedForward, count)
      : feedForward.map((width) => Array.from({ length: count }, () => width)),
  );
}
