// Rows and columns of points.
import { countOf, type Points } from './regressor.ts';

/** (E,); a view, not a copy. */
export function rowOf({ values, width }: Points, row: number): Float64Array {
  return values.subarray(row * width, (row + 1) * width);
}

/** These rows, in this order. */
export function pointsAt(points: Points, rows: ArrayLike<number>): Points {
  const { width } = points;
  const values = new Float64Array(rows.length * width);
  for (let i = 0; i < rows.length; i++) values.set(rowOf(points, rows[i] as number), i * width);
  return { values, width };
}

/** (E, rows): a copy of each. */
export function columnsOf(points: Points): readonly Float64Array[] {
  const { values, width } = points;
  const count = countOf(points);
  return Array.from({ length: width }, (_, place) =>
    Float64Array.from({ length: count }, (_, row) => values[row * width + place] as number),
  );
}
