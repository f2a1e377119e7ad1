// Neighbours by distance, for sets that are samples of a space so large that no two of them are one step apart.
import { countOf, type Points } from '../../../engine/regression/regressor.ts';

/** The `count` nearest of a point, ascending by number. */
export function nearestOf({ values, width }: Points, count: number): (point: number) => number[] {
  const points = countOf({ values, width });

  function distance(a: number, b: number): number {
    let sum = 0;
    for (let k = 0; k < width; k++) {
      sum += ((values[a * width + k] as number) - (values[b * width + k] as number)) ** 2;
    }
    return sum;
  }

  return (point) =>
    Array.from({ length: points }, (_, other) => ({ other, far: distance(point, other) }))
      .filter(({ other }) => other !== point)
      .sort((a, b) => a.far - b.far || a.other - b.other)
      .slice(0, count)
      .map(({ other }) => other)
      .sort((a, b) => a - b);
}
