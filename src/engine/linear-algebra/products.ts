// Products of dense matrices and vectors.
import { type Dense, dense } from './dense.ts';

/** (rows,) A x */
export function times({ rows, columns, values }: Dense, x: Float64Array): Float64Array {
  const sums = new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    let sum = 0;
    for (let c = 0; c < columns; c++) {
      sum += (values[row * columns + c] as number) * (x[c] as number);
    }
    sums[row] = sum;
  }
  return sums;
}

/** (columns,) A' x; quick where x is mostly 0. */
export function transposedTimes({ rows, columns, values }: Dense, x: Float64Array): Float64Array {
  const sums = new Float64Array(columns);
  for (let row = 0; row < rows; row++) {
    const factor = x[row] as number;
    if (factor === 0) continue;
    for (let c = 0; c < columns; c++) {
      sums[c] = (sums[c] as number) + factor * (values[row * columns + c] as number);
    }
  }
  return sums;
}

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
