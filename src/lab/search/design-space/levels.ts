// Levels of a space too large to list, from coarse to fine, as FlexiBERT searches it.
// Tuli et al. 2023, "FlexiBERT: are current transformer architectures too homogeneous and rigid?"
//
// Departs from FlexiBERT: at the first level all layers of a design are alike, not two at a time, because our designs have
// few; heads may differ from the level on at which layers may differ, if the space has mixed heads.
import type { DesignPoint } from '../../../models/design-point.ts';
import { enumerable, enumerate, layerCount, sizeOf } from './enumerate.ts';
import { sample } from './sample.ts';
import { type DesignSpace, homogeneous } from './space.ts';

export interface Level {
  /** What is new at this level, for display. */
  readonly name: string;
  /** All designs of the level and of the levels before it. */
  readonly space: DesignSpace;
}

/** One level if the space can be listed; else levels of growing size, the whole space last. */
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

/** Designs of the first of several levels, whose layers are all alike: all of them, or about `most`, evenly drawn. */
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

/** Ratio of the evaluations of FlexiBERT's levels: 60, 30 and 20, with networks that train in an hour or two. */
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
