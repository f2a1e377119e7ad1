// Designs one step away: a head gets another operation, a number or a width moves to the next value, a layer is inserted
// or removed.
import type { DesignPoint, EncoderLayer, Head } from '../../../models/design-point.ts';
import { designKey, ordered } from './design-key.ts';
import { multisets, tuples } from './enumerate.ts';
import { type DesignSpace, legalCounts, legalHeads } from './space.ts';

/**
 * All legal neighbours in the space, without duplicates and without the design itself. Ordered values move to the next value,
 * up or down. Any heads and feed-forward layers may be removed, and any may be inserted; if they must be alike, all change
 * together. An inserted layer is a copy of an adjacent one. So steps are symmetric, except those of layers.
 */
export function neighboursOf(point: DesignPoint, space: DesignSpace): readonly DesignPoint[] {
  const layers = point.layers.flatMap((layer, i) =>
    layerNeighbours(layer, space).map((other) => ({ layers: point.layers.with(i, other) })),
  );
  const found = [...layers, ...longer(point, space), ...shorter(point, space)];
  const unique = new Map(found.map((other) => [designKey(other), other]));
  unique.delete(designKey(point));
  return [...unique.values()];
}

function layerNeighbours(layer: EncoderLayer, space: DesignSpace): readonly EncoderLayer[] {
  const { heads, hidden, feedForward } = layer;
  return [
    ...nextTo(space.hidden, hidden)
      .filter((width) => width % heads.length === 0)
      .map((width) => ({ ...layer, hidden: width })),
    ...otherHeads(heads, hidden, space).map((list) => ({ ...layer, heads: ordered(list) })),
    ...otherStacks(feedForward, space).map((widths) => ({ ...layer, feedForward: [...widths] })),
  ];
}

function otherHeads(heads: readonly Head[], hidden: number, space: DesignSpace) {
  const all = ordered(legalHeads(space));
  const counts = nextTo(legalCounts(space, hidden), heads.length);
  if (!space.mixedHeads) {
    return [
      ...all.map((head) => heads.map(() => head)),
      ...counts.map((count) => Array.from({ length: count }, () => heads[0] as Head)),
    ];
  }
  return [
    ...heads.flatMap((_, i) => all.map((head) => heads.with(i, head))),
    ...counts.flatMap((count) =>
      count > heads.length
        ? multisets(all, count - heads.length).map((more) => [...heads, ...more])
        : sublists(heads, count),
    ),
  ];
}

function otherStacks(widths: readonly number[], space: DesignSpace) {
  const counts = nextTo(space.stacks, widths.length);
  if (!space.mixedStacks) {
    const [width = 0] = widths;
    return [
      ...nextTo(space.feedForward, width).map((other) => widths.map(() => other)),
      ...counts.map((count) => Array.from({ length: count }, () => width)),
    ];
  }
  return [
    ...widths.flatMap((width, i) =>
      nextTo(space.feedForward, width).map((other) => widths.with(i, other)),
    ),
    ...counts.flatMap((count) =>
      count > widths.length
        ? superlists(widths, tuples(space.feedForward, count - widths.length))
        : sublists(widths, count),
    ),
  ];
}

function longer({ layers }: DesignPoint, space: DesignSpace): readonly DesignPoint[] {
  const [count] = nextTo(space.layers, layers.length).filter((next) => next > layers.length);
  if (count === undefined) return [];
  return layers.map((layer, i) => ({
    layers: layers.toSpliced(i, 0, ...Array.from({ length: count - layers.length }, () => layer)),
  }));
}

function shorter({ layers }: DesignPoint, space: DesignSpace): readonly DesignPoint[] {
  const [count] = nextTo(space.layers, layers.length).filter((next) => next < layers.length);
  if (count === undefined) return [];
  return sublists(layers, count).map((list) => ({ layers: [...list] }));
}

/** The values before and after one in a rising list. */
export function nextTo(values: readonly number[], value: number): readonly number[] {
  const at = values.indexOf(value);
  return [values[at - 1], values[at + 1]].filter((next) => next !== undefined);
}

/** All sublists of a size, in order. */
function sublists<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  if (size === 0) return [[]];
  return items.flatMap((item, i) =>
    sublists(items.slice(i + 1), size - 1).map((rest) => [item, ...rest]),
  );
}

/** All ways to insert each list between the items, in order. */
function superlists<T>(items: readonly T[], lists: readonly (readonly T[])[]) {
  return lists.flatMap((list) => merges(items, list));
}

function merges<T>(a: readonly T[], b: readonly T[]): readonly (readonly T[])[] {
  if (a.length === 0) return [b];
  if (b.length === 0) return [a];
  return [
    ...merges(a.slice(1), b).map((rest) => [a[0] as T, ...rest]),
    ...merges(a, b.slice(1)).map((rest) => [b[0] as T, ...rest]),
  ];
}
