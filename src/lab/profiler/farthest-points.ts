import type { Random } from '../../engine/random.ts';
import { countOf, type Points } from '../../engine/regression/regressor.ts';
import { scalerOf } from './rows.ts';

/**
 * Rows that cover all others: a random one, then each time that which is farthest from those taken, all columns on one
 * scale. All rows, where there are no more. O(count N E). Gonzalez 1985, "Clustering to minimize the maximum intercluster
 * distance". Departs from ProTran: its first sample is a Latin hypercube, which a list of designs does not have.
 */
export function farthestPoints(points: Points, count: number, random: Random): readonly number[] {
  const total = countOf(points);
  const { values, width } = scalerOf(points)(points);
  const away = new Float64Array(total).fill(Number.POSITIVE_INFINITY);
  const taken: number[] = [];
  let next = total > 0 ? random.integer(total) : 0;
  while (taken.length < Math.min(count, total)) {
    taken.push(next);
    let farthest = Number.NEGATIVE_INFINITY;
    const from = next;
    for (let row = 0; row < total; row += 1) {
      const distance = squaredDistance(values, width, row, from);
      // What is taken lies at 0 and is passed over even where others lie on it.
      away[row] = row === from ? -1 : Math.min(away[row] as number, distance);
      if ((away[row] as number) > farthest) {
        farthest = away[row] as number;
        next = row;
      }
    }
  }
  return taken;
}

function squaredDistance(values: Float64Array, width: number, a: number, b: number): number {
  let sum = 0;
  for (let column = 0; column < width; column += 1) {
    const apart = (values[a * width + column] as number) - (values[b * width + column] as number);
    sum += apart * apart;
  }
  return sum;
}
