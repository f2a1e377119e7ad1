// Products of dense matrices, and what else comes before a decomposition.
import { type Dense, dense } from './dense.ts';

/** (rows, rows) A A', of which the lower half is written. */
export function gramOfRows({ rows, columns, values }: Dense): Dense {
  const products = new Float64Array(rows * rows);
  for (let i = 0; i < rows; i++) {
    const one = values.subarray(i * columns, (i + 1) * columns);
    for (let j = 0; j <= i; j++) {
      products[i * rows + j] = dot(one, values.subarray(j * columns, (j + 1) * columns));
    }
  }
  return dense(rows, rows, products);
}

export function withDiagonal({ rows, columns, values }: Dense, more: number): Dense {
  const sums = values.slice();
  for (let i = 0; i < rows; i++) sums[i * columns + i] = (sums[i * columns + i] as number) + more;
  return dense(rows, columns, sums);
}

export function transposed({ rows, columns, values }: Dense): Dense {
  const turned = new Float64Array(values.length);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) turned[j * rows + i] = values[i * columns + j] as number;
  }
  return dense(columns, rows, turned);
}

export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
}
