// Points joined, and brought to one scale.
//
// Notation   N rows, E columns
import { columnsOf, countOf, type Points, rowOf } from '../../engine/regression/regressor.ts';
import { mean, standardDeviation } from '../../engine/statistics.ts';

/** Columns of both, row by row. */
export function sideBySide(left: Points, right: Points): Points {
  const width = left.width + right.width;
  const count = countOf(left);
  if (countOf(right) !== count) {
    throw new RangeError(`${count} rows cannot stand beside ${countOf(right)}`);
  }
  const values = new Float64Array(count * width);
  for (let row = 0; row < count; row += 1) {
    values.set(rowOf(left, row), row * width);
    values.set(rowOf(right, row), row * width + left.width);
  }
  return { values, width };
}

/** What brings points to the scale on which each column of these has mean 0 and spread 1; one that is constant becomes 0. */
export function scalerOf(points: Points): (asked: Points) => Points {
  const columns = columnsOf(points);
  const centres = columns.map(mean);
  const spreads = columns.map((column) => standardDeviation(column) || 1);
  return ({ values, width }) => {
    const into = (value: number, place: number): number => {
      const column = place % width;
      return (value - (centres[column] as number)) / (spreads[column] as number);
    };
    return { values: values.map(into), width };
  };
}
