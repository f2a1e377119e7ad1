// Cholesky decomposition A = L L' of symmetric positive definite matrices, with solver and determinant.
import { CalibrationError } from '../../core/errors.ts';
import { type Dense, dense, requireFinite, requireSquare } from './dense.ts';
import { LANES, solveTriangular } from './triangular.ts';

export interface Cholesky {
  /** L, lower triangular with a positive diagonal. */
  readonly lower: Dense;
  /** ln |A| */
  readonly logDeterminant: number;
  /** The number that was added to the diagonal of A before the decomposition. */
  readonly jitter: number;
  /** X with A X = B, (n, n) and (n, k). */
  solve(b: Dense): Dense;
}

/** First jitter that is tried, as a share of the mean of the diagonal; each next one is ten times as large. */
const FIRST_JITTER = 1e-10;

/**
 * Only the lower half is read. O(n^3 / 3). Throws `CalibrationError` unless A is positive definite beyond rounding errors:
 * each squared pivot must exceed n 2^-52 of its diagonal element.
 */
export function cholesky(a: Dense): Cholesky {
  const attempt = decompose(a, 0);
  if (typeof attempt !== 'number') return attempt;
  throw new CalibrationError(
    `the ${a.rows}x${a.columns} matrix is not positive definite: row ${attempt} depends on those before it, or is negative`,
    { code: 'SEN_CAL_MATRIX' },
  );
}

/**
 * As `cholesky`, for matrices that are positive definite except for rounding: adds the least of 0, 1e-10, 1e-9, ... times
 * the mean of the diagonal that makes it positive definite, and returns it in `jitter`. Throws `CalibrationError` beyond
 * `most`, a share of that mean: then rounding is not the cause.
 */
export function choleskyWithJitter(a: Dense, most = 1e-4): Cholesky {
  requireSquare(a);
  let trace = 0;
  for (let i = 0; i < a.rows; i++) trace += a.values[i * a.columns + i] as number;
  const scale = trace / a.rows;
  // Half a step of tolerance, because powers of ten are rounded.
  for (let share = 0; share <= 3 * most; share = share === 0 ? FIRST_JITTER : 10 * share) {
    const attempt = decompose(a, share * scale);
    if (typeof attempt !== 'number') return attempt;
  }
  throw new CalibrationError(
    `the ${a.rows}x${a.columns} matrix is not positive definite, not even with ${most * scale} added to its diagonal`,
    { code: 'SEN_CAL_MATRIX' },
  );
}

/** L, or the row at which the decomposition fails. */
function decompose(a: Dense, jitter: number): Cholesky | number {
  requireSquare(a);
  requireFinite(a);
  const lower = dense(a.rows, a.rows, lowerOf(a, jitter));
  const diagonal = Float64Array.from({ length: a.rows }, (_, i) => at(lower, i, i));
  const rounding = a.rows * Number.EPSILON;
  const failed = diagonal.findIndex((pivot, i) => !(pivot ** 2 > rounding * Math.abs(at(a, i, i))));
  if (failed >= 0) return failed;
  return {
    lower,
    logDeterminant: 2 * diagonal.reduce((sum, value) => sum + Math.log(value), 0),
    jitter,
    solve(b) {
      const half = { matrix: lower, half: 'lower' } as const;
      return solveTriangular({ ...half, transposed: true }, solveTriangular(half, b));
    },
  };
}

/** L row by row (Cholesky-Banachiewicz); wrong from a row on that depends on those before it. */
function lowerOf({ values: a, rows: size }: Dense, jitter: number): Float64Array {
  const lower = new Float64Array(size * size);
  const squares = new Float64Array(LANES);
  for (let row = 0; row < size; row += LANES) {
    squares.fill(0);
    const isWhole = row + LANES <= size;
    if (isWhole) fourRows(lower, a, size, row, squares);
    for (let j = row; j < Math.min(row + LANES, size); j++) {
      const before = squares[j - row] as number;
      const square = restOfRow(lower, a, size, j, isWhole ? row : 0, before);
      const left = (a[j * size + j] as number) + jitter - square;
      lower[j * size + j] = Math.sqrt(Math.max(left, 0));
    }
  }
  return lower;
}

/** Elements of a row from a column up to the diagonal; returns `square` with the sum of their squares. */
function restOfRow(
  lower: Float64Array,
  a: Float64Array,
  size: number,
  row: number,
  column: number,
  square: number,
): number {
  const at = row * size;
  let total = square;
  for (let k = column; k < row; k++) {
    let sum = 0;
    for (let i = 0; i < k; i++) {
      sum += (lower[k * size + i] as number) * (lower[at + i] as number);
    }
    const element = ((a[at + k] as number) - sum) / (lower[k * size + k] as number);
    lower[at + k] = element;
    total += element * element;
  }
  return total;
}

/**
 * Elements of four rows in the columns before the first of them, two columns at a time: eight sums that do not wait for each
 * other. `squares` receives the sum of their squares, by row.
 */
function fourRows(
  lower: Float64Array,
  a: Float64Array,
  size: number,
  row: number,
  squares: Float64Array,
): void {
  const [r0, r1, r2, r3] = [row * size, (row + 1) * size, (row + 2) * size, (row + 3) * size];
  for (let k = 0; k < row; k += 2) {
    const [at, next] = [k * size, (k + 1) * size];
    let [s0, s1, s2, s3] = [0, 0, 0, 0];
    let [u0, u1, u2, u3] = [0, 0, 0, 0];
    for (let i = 0; i < k; i++) {
      const f = lower[at + i] as number;
      const g = lower[next + i] as number;
      const x0 = lower[r0 + i] as number;
      const x1 = lower[r1 + i] as number;
      const x2 = lower[r2 + i] as number;
      const x3 = lower[r3 + i] as number;
      s0 += f * x0;
      s1 += f * x1;
      s2 += f * x2;
      s3 += f * x3;
      u0 += g * x0;
      u1 += g * x1;
      u2 += g * x2;
      u3 += g * x3;
    }
    const pivot = lower[at + k] as number;
    lower[r0 + k] = ((a[r0 + k] as number) - s0) / pivot;
    lower[r1 + k] = ((a[r1 + k] as number) - s1) / pivot;
    lower[r2 + k] = ((a[r2 + k] as number) - s2) / pivot;
    lower[r3 + k] = ((a[r3 + k] as number) - s3) / pivot;
    const [cross, nextPivot] = [lower[next + k] as number, lower[next + k + 1] as number];
    const c = k + 1;
    lower[r0 + c] = ((a[r0 + c] as number) - (u0 + cross * (lower[r0 + k] as number))) / nextPivot;
    lower[r1 + c] = ((a[r1 + c] as number) - (u1 + cross * (lower[r1 + k] as number))) / nextPivot;
    lower[r2 + c] = ((a[r2 + c] as number) - (u2 + cross * (lower[r2 + k] as number))) / nextPivot;
    lower[r3 + c] = ((a[r3 + c] as number) - (u3 + cross * (lower[r3 + k] as number))) / nextPivot;
    addSquares(squares, lower, row * size + k, size);
  }
}

/** Of two neighbouring columns from `from` on, by row. */
function addSquares(squares: Float64Array, values: Float64Array, from: number, size: number): void {
  for (let lane = 0; lane < LANES; lane++) {
    const at = from + lane * size;
    const one = values[at] as number;
    const other = values[at + 1] as number;
    squares[lane] = (squares[lane] as number) + one * one + other * other;
  }
}

function at({ values, columns }: Dense, i: number, j: number): number {
  return values[i * columns + j] as number;
}
