// Joins points by columns, and scales columns.
//
// Notation   N rows, E columns
import { columnsOf, countOf, type Points, rowOf } from '../../engine/regression/regressor.ts';
import { mean, standardDeviation } from '../../engine/statistics.ts';

/** Columns of both, row by row. */
export function sideBySide(left: Points, right: Points): Points {
  const width = left.width + right.width;
  const count = countOf(left);
  if (countOf(right) !== count) {
    throw new RangeError(`${count} rows cannot be joined with ${countOf(right)} rows`);
  }
  const values = new Float64Array(count * width);
  for (let row = 0; row < count; row += 1) {
    values.set(rowOf(left, row), row * width);
    values.set(rowOf(right, row), row * width + left.width);
  }
  return { values, width };
}

/** Returns a scaler: each column of `points` gets mean 0 and standard deviation 1; a constant column becomes 0. */
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
