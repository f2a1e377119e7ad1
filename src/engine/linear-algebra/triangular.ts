// Solves triangular systems by substitution.
import { type Dense, dense, requireSquare } from './dense.ts';

/** The half of `matrix` to use, and whether to use its transpose; the other half is not read. */
export interface Triangle {
  readonly matrix: Dense;
  readonly half: 'lower' | 'upper';
  readonly transposed?: boolean;
}

/** X with T X = B, (n, n) and (n, k). O(n^2 k). Throws RangeError if a diagonal element of T is 0. */
export function solveTriangular(triangle: Triangle, b: Dense): Dense {
  const { rows: size, values } = triangle.matrix;
  requireSquare(triangle.matrix);
  if (b.rows !== size) {
    throw new RangeError(`the right side has ${b.rows} rows, the matrix ${size}`);
  }
  const { order, down, across } = wayThrough(triangle, size);
  const x = b.values.slice();
  for (const [step, row] of order.entries()) {
    for (let done = 0; done < step; done++) {
      const other = order[done] as number;
      subtractRow(x, b.columns, row, other, values[row * down + other * across] as number);
    }
    divideRow(x, b.columns, row, values[row * size + row] as number);
  }
  return dense(size, b.columns, x);
}

/** The order in which rows are solved, and steps between rows and columns of T. */
function wayThrough({ half, transposed = false }: Triangle, size: number) {
  const ascending = Array.from({ length: size }, (_, row) => row);
  const order = (half === 'lower') !== transposed ? ascending : ascending.reverse();
  return transposed ? { order, down: 1, across: size } : { order, down: size, across: 1 };
}

/** Subtracts `factor` times row `from` of x from row `to`. */
function subtractRow(
  x: Float64Array,
  columns: number,
  to: number,
  from: number,
  factor: number,
): void {
  for (let j = 0; j < columns; j++) {
    const place = to * columns + j;
    x[place] = (x[place] as number) - factor * (x[from * columns + j] as number);
  }
}

function divideRow(x: Float64Array, columns: number, row: number, pivot: number): void {
  if (pivot === 0) {
    throw new RangeError(`the matrix is singular: its element (${row}, ${row}) is 0`);
  }
  for (let j = row * columns; j < (row + 1) * columns; j++) x[j] = (x[j] as number) / pivot;
}
