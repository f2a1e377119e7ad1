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
  const factors = new Float64Array(LANES);
  for (let row = 0; row < size; row++) {
    const at = row * size;
    inverse[at + row] = 1;
    const whole = row - (row % LANES);
    for (let other = 0; other < whole; other += LANES) {
      // Beyond its diagonal a row is 0 and takes nothing away.
      for (let lane = 0; lane < LANES; lane++) factors[lane] = lower[at + other + lane] as number;
      subtractFour(inverse, at, factors, inverse, other * size, size, other + LANES - 1);
    }
    for (let other = whole; other < row; other++) {
      subtractMultiple(inverse, at, lower[at + other] as number, inverse, other * size, other);
    }
    for (let j = 0; j <= row; j++) {
      inverse[at + j] = (inverse[at + j] as number) / (lower[at + row] as number);
    }
  }
  return dense(size, size, inverse);
}

/** (L L')^-1 = W'W with W = L^-1; half the work of solving for each column. O(n^3 / 3). */
export function inverseOfProduct(lower: Dense): Dense {
  const { values: w, rows: size } = inverseOfLower(lower);
  const inverse = new Float64Array(size * size);
  const whole = size - (size % LANES);
  const factors = new Float64Array(LANES);
  for (let k = 0; k < whole; k += LANES) {
    for (let i = 0; i < k + LANES; i++) {
      for (let lane = 0; lane < LANES; lane++) {
        factors[lane] = -(w[(k + lane) * size + i] as number);
      }
      subtractFour(inverse, i * size, factors, w, k * size, size, i);
    }
  }
  for (let k = whole; k < size; k++) {
    for (let i = 0; i <= k; i++) {
      subtractMultiple(inverse, i * size, -(w[k * size + i] as number), w, k * size, i);
    }
  }
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < i; j++) inverse[j * size + i] = inverse[i * size + j] as number;
  }
  return dense(size, size, inverse);
}

/** Subtracts `factor` times elements 0 to `last` of the row at `from` from the row of `target` at `to`. */
function subtractMultiple(
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

/** Rows that are taken together: their sums do not wait for each other, and need each element of the others once. */
export const LANES = 4;

/** Does it with four rows, `stride` apart, one after the other: the same bits with a quarter of the loads and stores. */
function subtractFour(
  target: Float64Array,
  to: number,
  factors: Float64Array,
  values: Float64Array,
  from: number,
  stride: number,
  last: number,
): void {
  const [f0, f1] = [factors[0] as number, factors[1] as number];
  const [f2, f3] = [factors[2] as number, factors[3] as number];
  const [from1, from2, from3] = [from + stride, from + 2 * stride, from + 3 * stride];
  for (let i = 0; i <= last; i++) {
    target[to + i] =
      (target[to + i] as number) -
      f0 * (values[from + i] as number) -
      f1 * (values[from1 + i] as number) -
      f2 * (values[from2 + i] as number) -
      f3 * (values[from3 + i] as number);
  }
}

/**
 * T x for each of the rows x (rows, n) of a triangle T (n, n), (rows, n). Four rows at a time and two of T: their sums do not
 * wait for each other, and what is loaded once serves for several products. Sums run from the first element on, so a row has the
 * same bits in any company.
 */
export function timesTriangle(
  { values: t, rows: size }: Dense,
  half: 'lower' | 'upper',
  x: Float64Array,
): Float64Array {
  const products = new Float64Array(x.length);
  const rows = x.length / size;
  for (let row = 0; row < rows; row += LANES) {
    // Rows beyond the last are the last one again.
    const at = [0, 1, 2, 3].map((more) => Math.min(row + more, rows - 1) * size);
    for (let i = 0; i + 1 < size; i += 2) productsOfTwo(t, size, i, half, x, at, products);
    if (size % 2 === 1) productsOfLast(t, size, half, x, at, products);
  }
  return products;
}

/** Rows i and i + 1 of T with the four rows of x from `at` on. */
function productsOfTwo(
  t: Float64Array,
  size: number,
  i: number,
  half: 'lower' | 'upper',
  x: Float64Array,
  [at0 = 0, at1 = 0, at2 = 0, at3 = 0]: readonly number[],
  products: Float64Array,
): void {
  const [row, next] = [i * size, (i + 1) * size];
  const isLower = half === 'lower';
  // The columns of both rows; the one of a single row comes before or after them.
  const [from, to] = isLower ? [0, i + 1] : [i + 1, size];
  let [s0, s1, s2, s3] = [0, 0, 0, 0];
  let [u0, u1, u2, u3] = [0, 0, 0, 0];
  if (!isLower) {
    const first = t[row + i] as number;
    s0 += first * (x[at0 + i] as number);
    s1 += first * (x[at1 + i] as number);
    s2 += first * (x[at2 + i] as number);
    s3 += first * (x[at3 + i] as number);
  }
  for (let j = from; j < to; j++) {
    const a = t[row + j] as number;
    const b = t[next + j] as number;
    const x0 = x[at0 + j] as number;
    const x1 = x[at1 + j] as number;
    const x2 = x[at2 + j] as number;
    const x3 = x[at3 + j] as number;
    s0 += a * x0;
    s1 += a * x1;
    s2 += a * x2;
    s3 += a * x3;
    u0 += b * x0;
    u1 += b * x1;
    u2 += b * x2;
    u3 += b * x3;
  }
  if (isLower) {
    const last = t[next + to] as number;
    u0 += last * (x[at0 + to] as number);
    u1 += last * (x[at1 + to] as number);
    u2 += last * (x[at2 + to] as number);
    u3 += last * (x[at3 + to] as number);
  }
  products[at0 + i] = s0;
  products[at1 + i] = s1;
  products[at2 + i] = s2;
  products[at3 + i] = s3;
  products[at0 + i + 1] = u0;
  products[at1 + i + 1] = u1;
  products[at2 + i + 1] = u2;
  products[at3 + i + 1] = u3;
}

/** The last row of T with the rows of x from `at` on. */
function productsOfLast(
  t: Float64Array,
  size: number,
  half: 'lower' | 'upper',
  x: Float64Array,
  at: readonly number[],
  products: Float64Array,
): void {
  const i = size - 1;
  for (const start of at) {
    let sum = 0;
    for (let j = half === 'lower' ? 0 : i; j < size; j++) {
      sum += (t[i * size + j] as number) * (x[start + j] as number);
    }
    products[start + i] = sum;
  }
}
