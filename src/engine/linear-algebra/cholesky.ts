// Cholesky decomposition A = L L' of symmetric positive definite matrices, with solver and determinant.
import { CholeskyDecomposition } from 'ml-matrix';
import { CalibrationError } from '../../core/errors.ts';
import { type Dense, dense, fromLibrary, requireSquare, toLibrary } from './dense.ts';
import { solveTriangular } from './triangular.ts';

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
  const decomposition = new CholeskyDecomposition(toLibrary(mirrored(a, jitter)));
  const lower = fromLibrary(decomposition.lowerTriangularMatrix);
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

/** Copies the lower half to the upper one, because the library needs both. */
function mirrored(a: Dense, jitter: number): Dense {
  const values = a.values.slice();
  for (let i = 0; i < a.rows; i++) {
    for (let j = 0; j < i; j++) values[j * a.columns + i] = at(a, i, j);
    values[i * a.columns + i] = at(a, i, i) + jitter;
  }
  return dense(a.rows, a.columns, values);
}

function at({ values, columns }: Dense, i: number, j: number): number {
  return values[i * columns + j] as number;
}
