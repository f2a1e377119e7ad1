// Solves triangular systems by substitution; inverse and products of lower triangles.
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

/** L^-1 of a lower triangle (n, n) without zeros on its diagonal, lower too: the bits of `solveTriangular`, O(n^3 / 6). */
export function inverseOfLower({ values: lower, rows: size }: Dense): Dense {
  const inverse = new Float64Array(size * size);
  for (let row = 0; row < size; row++) {
    const at = row * size;
    inverse[at + row] = 1;
    for (let other = 0; other < row; other++) {
      subtractMultiple(inverse, at, lower[at + other] as number, inverse, other * size, other);
    }
    for (let j = 0; j <= row; j++) {
      inverse[at + j] = (inverse[at + j] as number) / (lower[at + row] as number);
    }
  }
  return dense(size, size, inverse);
}

/** Subtracts `factor` times elements 0 to `last` of the row at `from` from the row of `target` at `to`. */
export function subtractMultiple(
  target: Float64Array,
  to: number,
  factor: number,
  values: Float64Array,
  from: number,
  last: number,
): void {
  for (let i = 0; i <= last; i++) {
    target[to + i] = (target[to + i] as number) - factor * (values[from + i] as number);
  }
}

/**
 * T x for each of the rows x (rows, n) of a triangle T (n, n), (rows, n). Four rows at a time: their sums do not wait for each
 * other, and each element of T is loaded once for four products. Sums run from the first element on, so a row has the same
 * bits in any company.
 */
export function timesTriangle(
  { values: t, rows: size }: Dense,
  half: 'lower' | 'upper',
  x: Float64Array,
): Float64Array {
  const products = new Float64Array(x.length);
  const rows = x.length / size;
  for (let row = 0; row < rows; row += 4) {
    const at = row * size;
    // Rows beyond the last are the last one again.
    const [at1, at2, at3] = [1, 2, 3].map((more) => Math.min(row + more, rows - 1) * size) as [
      number,
      number,
      number,
    ];
    for (let i = 0; i < size; i++) {
      const [from, to] = half === 'lower' ? [0, i + 1] : [i, size];
      let [s0, s1, s2, s3] = [0, 0, 0, 0];
      for (let j = from; j < to; j++) {
        const factor = t[i * size + j] as number;
        s0 += factor * (x[at + j] as number);
        s1 += factor * (x[at1 + j] as number);
        s2 += factor * (x[at2 + j] as number);
        s3 += factor * (x[at3 + j] as number);
      }
      products[at + i] = s0;
      products[at1 + i] = s1;
      products[at2 + i] = s2;
      products[at3 + i] = s3;
    }
  }
  return products;
}
