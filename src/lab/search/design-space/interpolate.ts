// What lies between two good designs, which is where FlexiBERT looks when it goes from one level of its search to the next.
// Tuli et al. 2023, "FlexiBERT: are current transformer architectures too homogeneous and rigid?"
import type { Random } from '../../../engine/random.ts';
import type { DesignPoint, EncoderLayer, Head } from '../../../models/design-point.ts';
import { designKey } from './design-key.ts';
import { ordered } from './heads.ts';
import { type DesignSpace, legalCounts } from './space.ts';

/** Draws for each design that is asked for; designs with few differences are drawn again and again. */
const DRAWS = 4;

/**
 * At most so many designs of the space, none twice and neither of the two. They have as many layers as either or a number
 * between; each layer has width, heads and stack of either's layer in that place, or half of each one's heads where heads
 * may differ.
 */
export function interpolate(
  a: DesignPoint,
  b: DesignPoint,
  space: DesignSpace,
  most: number,
  random: Random,
): readonly DesignPoint[] {
  const [fewest, longest] = [a.layers.length, b.layers.length].sort((one, other) => one - other);
  const counts = space.layers.filter(
    (count) => count >= (fewest as number) && count <= (longest as number),
  );
  const layers = Array.from({ length: longest as number }, (_, i) =>
    layersBetween(a.layers[i], b.layers[i], space),
  );
  const ends = new Set([designKey(a), designKey(b)]);
  const found = new Map<string, DesignPoint>();
  for (let draw = 0; draw < DRAWS * most && found.size < most; draw++) {
    const count = pick(counts, random);
    const point = { layers: layers.slice(0, count).map((options) => pick(options, random)) };
    const key = designKey(point);
    if (!ends.has(key)) found.set(key, point);
  }
  return [...found.values()];
}

function layersBetween(
  a: EncoderLayer | undefined,
  b: EncoderLayer | undefined,
  space: DesignSpace,
): readonly EncoderLayer[] {
  const ends = [a ?? b, b ?? a].filter((layer) => layer !== undefined);
  const heads = headsBetween(
    ends.map((layer) => layer.heads),
    space,
  );
  return ends.flatMap(({ hidden }) =>
    heads
      .filter((list) => legalCounts(space, hidden).includes(list.length))
      .flatMap((list) =>
        ends.map(({ feedForward }) => ({ hidden, heads: [...list], feedForward })),
      ),
  );
}

function headsBetween(
  ends: readonly (readonly Head[])[],
  space: DesignSpace,
): readonly (readonly Head[])[] {
  const [one, other] = ends;
  if (!(space.mixedHeads && one && other)) return ends;
  const counts = [one.length, other.length].filter((count) => count > 1);
  return [...ends, ...counts.map((count) => ordered(halfOfEach(one, other, count)))];
}

function halfOfEach(one: readonly Head[], other: readonly Head[], count: number): Head[] {
  return Array.from({ length: count }, (_, i) => {
    const list = i % 2 === 0 ? one : other;
    return list[Math.floor(i / 2) % list.length] as Head;
  });
}

function pick<T>(items: readonly T[], random: Random): T {
  return items[random.integer(items.length)] as T;
}
