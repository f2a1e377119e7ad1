// Rows of points: chosen, joined, brought to one scale.
//
// Notation   N rows, E columns
import { countOf, type Points } from '../../engine/regression/regressor.ts';
import { mean, standardDeviation } from '../../engine/statistics.ts';

/** These rows, in this order. */
export function rowsOf({ values, width }: Points, rows: readonly number[]): Points {
  const chosen = new Float64Array(rows.length * width);
  for (const [i, row] of rows.entries()) {
    chosen.set(values.subarray(row * width, (row + 1) * width), i * width);
  }
  return { values: chosen, width };
}

/** Columns of both, row by row. */
export function sideBySide(left: Points, right: Points): Points {
  const width = left.width + right.width;
  const count = countOf(left);
  if (countOf(right) !== count) {
    throw new RangeError(`${count} rows cannot stand beside ${countOf(right)}`);
  }
  const values = new Float64Array(count * width);
  for (let row = 0; row < count; row += 1) {
    values.set(left.values.subarray(row * left.width, (row + 1) * left.width), row * width);
    const rest = right.values.subarray(row * right.width, (row + 1) * right.width);
    values.set(rest, row * width + left.width);
  }
  return { values, width };
}

/** Each column to mean 0 and spread 1; one that is constant becomes 0. */
export function standardised({ values, width }: Points): Points {
  const scaled = new Float64Array(values.length);
  for (let column = 0; column < width; column += 1) {
    const cells = values.filter((_, i) => i % width === column);
    const centre = mean(cells);
    const spread = standardDeviation(cells) || 1;
    for (const [row, cell] of cells.entries())
      scaled[row * width + column] = (cell - centre) / spread;
  }
  return { values: scaled, width };
}
