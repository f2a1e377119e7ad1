import { countOf, type Points } from './regressor.ts';

/** How many points there are. Throws RangeError for none, for one that is not finite, or for more or fewer values. */
export function requireTrainingSet(points: Points, y: Float64Array): number {
  const count = countOf(points);
  if (count !== y.length || count === 0) {
    throw new RangeError(
      `${y.length} values for ${count} points: as many are needed, and one at least`,
    );
  }
  if (!(points.values.every(Number.isFinite) && y.every(Number.isFinite))) {
    throw new RangeError('a point or a value is not finite');
  }
  return count;
}
