// Designs as candidates of a search: numbered, with coordinates, choices and neighbours.
import type { DesignPoint } from '../../../models/design-point.ts';
import type { Candidates } from '../contract.ts';
import { designKey } from './design-key.ts';
import { distancesAmong, nearest } from './edit-distance.ts';
import type { Embedding } from './embeddings.ts';
import { sizeOf } from './enumerate.ts';
import { graphOf } from './graph.ts';
import { memoize } from './memoize.ts';
import { neighboursOf } from './neighbours.ts';
import { choicesOf, placesOf, pointOf } from './places.ts';
import type { DesignSpace } from './space.ts';

export interface DesignCandidates extends Candidates {
  /** By number, as given. */
  readonly points: readonly DesignPoint[];
  /** Number of a design, independent of the order of its heads; undefined if it is not among the points. */
  indexOf(point: DesignPoint): number | undefined;
}

/** Each design of a library has at least this many neighbours. */
const LEAST_NEIGHBOURS = 10;

/**
 * Candidates in the order of the points: all of a space (`enumerate`), or a library of it (`sample`, `grow`). A library
 * holds few of a design's neighbours, so the nearest designs by edit distance are added until there are ten. Neighbours are
 * computed on demand and cached. Throws `RangeError` for a duplicate point, or a point outside the space.
 */
export function candidatesOf(
  points: readonly DesignPoint[],
  space: DesignSpace,
  embedding: Embedding,
): DesignCandidates {
  const numbers = new Map(points.map((point, i) => [designKey(point), i]));
  if (numbers.size < points.length) throw new RangeError('the list contains a design twice');
  const indexOf = (point: DesignPoint) => numbers.get(designKey(point));
  const places = placesOf(space);
  const least = BigInt(points.length) < sizeOf(space) ? LEAST_NEIGHBOURS : 0;
  const distances = distancesAmong(points);

  const neighbours = memoize((candidate: number): readonly number[] => {
    const point = points[candidate];
    if (!point) throw new RangeError(`there is no candidate ${candidate} of ${points.length}`);
    const around = neighboursOf(point, space)
      .map(indexOf)
      .filter((number) => number !== undefined);
    const found = new Set(around);
    if (found.size < least) {
      for (const other of nearest(distances(candidate), candidate, least)) {
        if (found.size < least) found.add(other);
      }
    }
    return [...found].sort((a, b) => a - b);
  });

  return {
    points,
    count: points.length,
    coordinates: embedding.embed(points, space),
    choices: choicesOf(points, places),
    neighbours,
    find: (choices) => {
      const point = pointOf(choices, places);
      return point && indexOf(point);
    },
    graphOf(candidate) {
      const { nodes, edges } = graphOf(points[candidate] as DesignPoint);
      return { labels: nodes.map(({ label }) => label), edges };
    },
    indexOf,
  };
}
