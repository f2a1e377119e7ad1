import { describe, expect, it } from 'vitest';
import {
  dense,
  gramOfRows,
  transposed,
  withDiagonal,
} from '../../../src/engine/linear-algebra/dense.ts';
import {
  sparseRows,
  timesRows,
  transposedTimes,
} from '../../../src/engine/linear-algebra/sparse-rows.ts';

const a = dense(2, 3, Float64Array.of(0, 2, 0, -1, 0, 3));

describe('products', () => {
  it('of sparse rows are those of the matrix', () => {
    const rows = sparseRows(a);
    expect(rows.map(({ columns }) => [...columns])).toEqual([[1], [0, 2]]);
    const z = { values: Float64Array.of(1, 2, 3, 4, 5, 6), width: 3 };
    expect([...timesRows(rows, z).values]).toEqual([4, 10, 8, 14]);
    expect([...transposedTimes(rows, Float64Array.of(5, 7), 3)]).toEqual([-7, 10, 21]);
  });

  it('of rows with each other fill the lower half', () => {
    expect([...gramOfRows(a).values]).toEqual([4, 0, 0, 10]);
    expect([...withDiagonal(gramOfRows(a), 0.5).values]).toEqual([4.5, 0, 0, 10.5]);
  });

  it('turn rows into columns', () => {
    expect(transposed(a)).toEqual(dense(3, 2, Float64Array.of(0, -1, 2, 0, 0, 3)));
  });
});
