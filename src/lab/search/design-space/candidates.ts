// Designs as candidates of a search: numbered, with coordinates, choices and neighbours.
import type { Candidates } from '../contract.ts';
import type { SearchFamily } from '../families/contract.ts';
import { nearest } from './edit-distance.ts';
import type { Embedding } from './embeddings.ts';
import { memoize } from './memoize.ts';

export interface DesignCandidates<Design> extends Candidates {
  /** By number, as given. */
  readonly points: readonly Design[];
  /** Number of a design, independent of how its parts are ordered; undefined if it is not among the points. */
  indexOf(point: Design): number | undefined;
}

/** Each design of a library has at least this many neighbours. */
const LEAST_NEIGHBOURS = 10;

/**
 * Candidates of a family, in the order of the points: all of a space, or a library of it. A library holds few of a design's
 * neighbours, so the nearest designs by edit distance are added until there are ten. Neighbours are computed on demand and
 * cached. Throws `RangeError` for a duplicate point, or a point outside the space.
 */
export function familyCandidates<Design, Space>(
  family: SearchFamily<Design, Space>,
  points: readonly Design[],
  space: Space,
  embedding: Embedding<Design, Space>,
): DesignCandidates<Design> {
  const { keyOf } = family;
  const numbers = new Map(points.map((point, i) => [keyOf(point), i]));
  if (numbers.size < points.length) throw new RangeError('the list contains a design twice');
  const indexOf = (point: Design) => numbers.get(keyOf(point));
  const { choicesOf, pointOf } = family.placesOf(space);
  const least = BigInt(points.length) < family.sizeOf(space) ? LEAST_NEIGHBOURS : 0;
  const distances = family.distancesAmong(points);

  const neighbours = memoize((candidate: number): readonly number[] => {
    const point = points[candidate];
    if (!point) throw new RangeError(`there is no candidate ${candidate} of ${points.length}`);
    const around = family
      .neighboursOf(point, space)
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
    choices: choicesOf(points),
    neighbours,
    find: (choices) => {
      const point = pointOf(choices);
      return point && indexOf(point);
    },
    graphOf: (candidate) => family.graphOf(points[candidate] as Design),
    indexOf,
  };
}
