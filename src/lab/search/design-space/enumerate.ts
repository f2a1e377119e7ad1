// Lists the designs of a space, counts them, and gives the options of a layer.
import { ConfigError } from '../../../core/errors.ts';
import type { DesignPoint, EncoderLayer, Head } from '../../../models/design-point.ts';
import { ordered } from './design-key.ts';
import { type DesignSpace, legalCounts, legalHeads, requireDesigns } from './space.ts';

/** Most designs that are listed; they take some 100 MB. */
const ENUMERATION_LIMIT = 100_000;

/** Whether all designs can be listed. */
export function enumerable(space: DesignSpace): boolean {
  return sizeOf(space) <= BigInt(ENUMERATION_LIMIT);
}

/**
 * All designs, those of few layers first, the last layer running fastest. Throws `ConfigError` for an empty space and for one
 * that is not `enumerable`: sample such a space.
 */
export function enumerate(space: DesignSpace): readonly DesignPoint[] {
  if (!enumerable(space)) {
    throw new ConfigError(
      `the design space holds ${sizeOf(space)} designs, at most ${ENUMERATION_LIMIT} are listed: take a smaller space, or sample less than half of this one`,
      { code: 'SEN_CFG_DESIGN_SPACE' },
    );
  }
  const layers = layersOf(layerOptions(space));
  return space.layers.flatMap((count) =>
    tuples(layers, count).map((chosen) => ({ layers: [...chosen] })),
  );
}

/** Number of designs, exact, counted without making them. Throws `ConfigError` for an empty space. */
export function sizeOf(space: DesignSpace): bigint {
  const options = layerCount(space);
  return sum(space.layers.map((layers) => options ** BigInt(layers)));
}

/** Number of different layers that a design may have. */
export function layerCount(space: DesignSpace): bigint {
  requireDesigns(space);
  const { hidden } = space;
  const heads = sum(
    hidden.flatMap((width) => legalCounts(space, width).map((count) => headSets(space, count))),
  );
  return heads * stackCount(space);
}

function headSets(space: DesignSpace, count: number): bigint {
  const ops = legalHeads(space).length;
  return space.mixedHeads ? countMultisets(ops, count) : BigInt(ops);
}

function stackCount({ feedForward, stacks, mixedStacks }: DesignSpace): bigint {
  const widths = BigInt(feedForward.length);
  return sum(stacks.map((count) => (mixedStacks ? widths ** BigInt(count) : widths)));
}

function sum(values: readonly bigint[]): bigint {
  return values.reduce((total, value) => total + value, 0n);
}

/** Options of one layer: a width, heads that fit it, a feed-forward stack. All layers have the same options. */
export interface LayerOptions {
  /** Widths with the head lists that fit them. */
  readonly widths: readonly WidthOption[];
  readonly stacks: readonly (readonly number[])[];
}

interface WidthOption {
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
function layersOf({ widths, stacks }: LayerOptions): readonly EncoderLayer[] {
  return widths.flatMap(({ hidden, heads }) =>
    heads.flatMap((list) =>
      stacks.map((feedForward) => ({ hidden, heads: [...list], feedForward: [...feedForward] })),
    ),
  );
}

/** All sets of `count` heads, each in the order that all lists of heads keep. */
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

/** All multisets of `size` items, (n + k - 1 choose k) of them, each in the order of the items. */
export function multisets<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  if (size === 0) return [[]];
  return items.flatMap((item, i) =>
    multisets(items.slice(i), size - 1).map((rest) => [item, ...rest]),
  );
}

/** All n^k tuples, the last place running fastest. */
export function tuples<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  if (size === 0) return [[]];
  const rest = tuples(items, size - 1);
  return items.flatMap((item) => rest.map((others) => [item, ...others]));
}

/** Number of `multisets`, exact. */
function countMultisets(items: number, size: number): bigint {
  let count = 1n;
  // (n)(n + 1) ... (n + k - 1) / k!, which divides at each step.
  for (let i = 1; i <= size; i++) count = (count * BigInt(items + i - 1)) / BigInt(i);
  return count;
}
