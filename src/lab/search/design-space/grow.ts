// Grows a library of designs around the best ones.
import { createRandom, type Random } from '../../../engine/random.ts';
import type { DesignPoint, EncoderLayer, Head } from '../../../models/design-point.ts';
import { designKey, ordered } from './design-key.ts';
import { distancesAmong, nearest } from './edit-distance.ts';
import { neighboursOf } from './neighbours.ts';
import { type DesignSpace, legalCounts } from './space.ts';

/** Nearest designs that a good design is interpolated with; FlexiBERT's number. */
const NEAREST = 5;
/** Most designs between two; CODEBench's number. */
const BETWEEN = 50;

/**
 * The next library of a space too large to list: the same designs with the same numbers, then new ones between the good
 * designs, between each of them and its nearest designs, and one step from them. `good` are the numbers of the best designs
 * so far, e.g. five. FlexiBERT goes from coarse to fine this way: it samples `homogeneous(space)` and grows in the space.
 *
 * Departs from FlexiBERT: adds the designs one step away, so that a local search does not get stuck in a library.
 */
export function grow(
  points: readonly DesignPoint[],
  good: readonly number[],
  space: DesignSpace,
  seed: number,
): readonly DesignPoint[] {
  return growAround(points, good, seed, {
    keyOf: designKey,
    distancesAmong,
    neighboursOf: (point) => neighboursOf(point, space),
    between: (a, b, most, random) => interpolate(a, b, space, most, random),
  });
}

/** What growing has to know of designs. */
interface Growth<Design> {
  keyOf(design: Design): string;
  distancesAmong(designs: readonly Design[]): (from: number) => Float64Array;
  neighboursOf(design: Design): readonly Design[];
  /** At most `most` different designs between two, without these. */
  between(a: Design, b: Design, most: number, random: Random): readonly Design[];
}

/** As `grow`, for designs of any kind. */
export function growAround<Design>(
  points: readonly Design[],
  good: readonly number[],
  seed: number,
  { keyOf, distancesAmong: among, neighboursOf: around, between }: Growth<Design>,
): readonly Design[] {
  const random = createRandom(seed);
  const distances = among(points);
  const best = good.map((number) => pointAt(points, number));
  const pairs = good.flatMap((number, i) =>
    [
      ...best.slice(i + 1),
      ...nearest(distances(number), number, NEAREST).map((other) => pointAt(points, other)),
    ].map((other) => [pointAt(points, number), other] as const),
  );
  const grown = new Map(points.map((point) => [keyOf(point), point]));
  const more = [
    ...best.flatMap(around),
    ...pairs.flatMap(([a, b]) => between(a, b, BETWEEN, random)),
  ];
  for (const point of more) {
    const key = keyOf(point);
    if (!grown.has(key)) grown.set(key, point);
  }
  return [...grown.values()];
}

function pointAt<Design>(points: readonly Design[], number: number): Design {
  const point = points[number];
  if (!point) throw new RangeError(`there is no design ${number} of ${points.length}`);
  return point;
}

/** Draws for each wanted design; designs with few differences are drawn several times. */
const DRAWS = 4;

/**
 * At most `most` designs of the space between `a` and `b`, all different and without these two. The number of layers is
 * between theirs; each layer has the width, heads and stack of one of their layers at that index, or, if heads may differ,
 * half of the heads of each. FlexiBERT interpolates so from one level of its search to the next. Tuli et al. 2023,
 * "FlexiBERT: are current transformer architectures too homogeneous and rigid?"
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
