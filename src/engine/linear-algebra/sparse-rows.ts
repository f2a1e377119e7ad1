// Sparse matrices, row by row.
import { type Dense, dense } from './dense.ts';

/** Non-zero elements, columns ascending. */
export interface SparseRow {
  readonly columns: Int32Array;
  readonly values: Float64Array;
}

export function sparseRows({ rows, columns, values }: Dense): readonly SparseRow[] {
  return Array.from({ length: rows }, (_, row) => {
    const all = values.subarray(row * columns, (row + 1) * columns);
    const places = Int32Array.from(all.keys()).filter((c) => all[c] !== 0);
    return { columns: places, values: Float64Array.from(places, (c) => all[c] as number) };
  });
}

/** (N, M) A Z', of A's N rows and the M rows of Z. */
export function timesRows(
  a: readonly SparseRow[],
  z: { readonly values: Float64Array; readonly width: number },
): Dense {
  const count = z.values.length / z.width;
  const products = new Float64Array(a.length * count);
  for (const [i, { columns, values }] of a.entries()) {
    for (let row = 0; row < count; row++) {
      const from = row * z.width;
      let sum = 0;
      for (let k = 0; k < columns.length; k++) {
        sum += (values[k] as number) * (z.values[from + (columns[k] as number)] as number);
      }
      products[i * count + row] = sum;
    }
  }
  return dense(a.length, count, products);
}

/** (width,) A' x */
export function transposedTimes(
  a: readonly SparseRow[],
  x: Float64Array,
  width: number,
): Float64Array {
  const sums = new Float64Array(width);
  for (const [i, { columns, values }] of a.entries()) {
    const factor = x[i] as number;
    for (let k = 0; k < columns.length; k++) {
      const c = columns[k] as number;
      sums[c] = (sums[c] as number) + factor * (values[k] as number);
    }
  }
  return sums;
}
