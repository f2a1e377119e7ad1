// Designs as what a search asks for: numbered, with coordinates, choices and neighbours.
import type { DesignPoint } from '../../../models/design-point.ts';
import type { Candidates } from '../contract.ts';
import { designKey } from './design-id.ts';
import type { Embedding } from './embeddings/embedding.ts';
import { neighboursOf } from './neighbours.ts';
import { choicesOf, placesOf, pointOf } from './places.ts';
import type { DesignSpace } from './space.ts';

export interface DesignCandidates extends Candidates {
  /** By number, as given. */
  readonly points: readonly DesignPoint[];
  /** Number of a design, whatever the order of its heads; undefined where it is not among them. */
  indexOf(point: DesignPoint): number | undefined;
}

/**
 * Candidates in the order of the points: all of a space (`enumerate`), or a library of it (`sample`, `grow`). Neighbours are
 * looked for when they are asked for, and kept. Throws `RangeError` for a point that is there twice or is not of the space.
 */
export function candidatesOf(
  points: readonly DesignPoint[],
  space: DesignSpace,
  embedding: Embedding,
): DesignCandidates {
  const numbers = new Map(points.map((point, i) => [designKey(point), i]));
  if (numbers.size < points.length) throw new RangeError('a design is there twice');
  const indexOf = (point: DesignPoint) => numbers.get(designKey(point));
  const places = placesOf(space);
  const known = new Map<number, readonly number[]>();

  function neighbours(candidate: number): readonly number[] {
    const before = known.get(candidate);
    if (before) return before;
    const point = points[candidate];
    if (!point) throw new RangeError(`there is no candidate ${candidate} of ${points.length}`);
    const found = neighboursOf(point, space)
      .map(indexOf)
      .filter((number) => number !== undefined)
      .sort((a, b) => a - b);
    known.set(candidate, found);
    return found;
  }

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
    indexOf,
  };
}
