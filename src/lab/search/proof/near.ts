// Neighbours by distance, for sets that are samples of a space so large that no two of them are one step apart.
import { squaredDistances } from '../../../engine/regression/matern.ts';
import { type Points, rowOf } from '../../../engine/regression/regressor.ts';
import { nearest } from '../design-space/distances-among.ts';

/** The `count` nearest of a point, ascending by number. */
export function nearestOf(points: Points, count: number): (point: number) => number[] {
  return (point) =>
    nearest(squaredDistances(rowOf(points, point), points), point, count).toSorted((a, b) => a - b);
}
