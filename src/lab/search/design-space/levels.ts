// A space too large to list, from coarse to fine: FlexiBERT's way to search it.
// Tuli et al. 2023, "FlexiBERT: are current transformer architectures too homogeneous and rigid?"
//
// Departs from FlexiBERT: at the first level all layers of a design are alike, not two at a time, for ours have few; heads
// that differ come with layers that differ, where the space has them at all.
import type { DesignPoint } from '../../../models/design-point.ts';
import { enumerable, enumerate } from './enumerate.ts';
import { sample } from './sample.ts';
import { layerCount, sizeOf } from './size.ts';
import { type DesignSpace, homogeneous } from './space.ts';

export interface Level {
  /** What is new in it, for people. */
  readonly name: string;
  /** All designs of the level, and of those before it. */
  readonly space: DesignSpace;
}

/** One level for a space that can be listed; else those that each hold more than the one before, the whole space last. */
export function levelsOf(space: DesignSpace): readonly [Level, ...Level[]] {
  if (enumerable(space)) return [{ name: 'all designs', space }];
  const coarse = homogeneous(space);
  const alike = { name: 'layers all alike', space: coarse };
  const layers = { name: 'layers that differ', space: { ...space, mixedStacks: false } };
  const stacks = { name: 'feed-forward layers that differ', space };
  const isFiner = sizeOf(layers.space) > layerCount(coarse) * BigInt(space.layers.length);
  const isFinest = sizeOf(space) > sizeOf(layers.space);
  return [alike, ...(isFiner ? [layers] : []), ...(isFinest ? [stacks] : [])];
}

/** Designs of the first of several levels: every layer is like the others. All of them, or about `most`, evenly drawn. */
export function alikeDesigns(
  space: DesignSpace,
  most: number,
  seed: number,
): readonly DesignPoint[] {
  const single = { ...homogeneous(space), layers: [1] };
  const each = Math.ceil(most / space.layers.length);
  const drawn = sizeOf(single) <= BigInt(each) ? enumerate(single) : sample(single, each, seed);
  return space.layers.flatMap((count) =>
    drawn.map(({ layers }) => ({ layers: Array.from({ length: count }, () => layers).flat() })),
  );
}

/** Evaluations of the levels of FlexiBERT's search beside each other: 60, 30, 20 with what trains in an hour or two. */
const SHARES = [6, 3, 2];

/** Evaluations of a budget after which each level ends. */
export function levelEnds(budget: number, levels: number): readonly number[] {
  const shares = SHARES.slice(0, levels);
  const all = shares.reduce((sum, share) => sum + share, 0);
  return shares.map((_, i) => {
    const until = shares.slice(0, i + 1).reduce((sum, share) => sum + share, 0);
    return Math.round((budget * until) / all);
  });
}
