import { createRandom } from '../../../engine/random.ts';
import type { DesignPoint } from '../../../models/design-point.ts';
import { designKey } from './design-key.ts';
import { distancesAmong, nearest } from './distances-among.ts';
import { interpolate } from './interpolate.ts';
import { neighboursOf } from './neighbours.ts';
import type { DesignSpace } from './space.ts';

/** Neighbours of a good design that designs are sought between; FlexiBERT's. */
const NEAREST = 5;
/** Designs between two; CODEBench's cap. */
const BETWEEN = 50;

/**
 * The next library of a space too large to list: the same designs, by the same numbers, then what lies between the good ones,
 * between each of them and its nearest, and one step from them. `good` are numbers of the best designs so far, say five.
 * A library sampled of `homogeneous(space)` and grown in the space itself is FlexiBERT's way from coarse to fine.
 *
 * Departs from FlexiBERT: takes in what is one step away, so that a local search is not stuck in a library.
 */
export function grow(
  points: readonly DesignPoint[],
  good: readonly number[],
  space: DesignSpace,
  seed: number,
): readonly DesignPoint[] {
  const random = createRandom(seed);
  const distances = distancesAmong(points);
  const best = good.map((number) => pointAt(points, number));
  const pairs = good.flatMap((number, i) =>
    [
      ...best.slice(i + 1),
      ...nearest(distances(number), number, NEAREST).map((other) => pointAt(points, other)),
    ].map((other) => [pointAt(points, number), other] as const),
  );
  const grown = new Map(points.map((point) => [designKey(point), point]));
  const more = [
    ...best.flatMap((point) => neighboursOf(point, space)),
    ...pairs.flatMap(([a, b]) => interpolate(a, b, space, BETWEEN, random)),
  ];
  for (const point of more) {
    const key = designKey(point);
    if (!grown.has(key)) grown.set(key, point);
  }
  return [...grown.values()];
}

function pointAt(points: readonly DesignPoint[], number: number): DesignPoint {
  const point = points[number];
  if (!point) throw new RangeError(`there is no design ${number} of ${points.length}`);
  return point;
}
