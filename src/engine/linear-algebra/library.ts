// Matrices of ml-matrix and ours, for this folder only. Apart from dense.ts, because a running daemon decomposes nothing and so
// does not load the library, which takes a megabyte.
import { Matrix } from 'ml-matrix';
import { type Dense, dense, requireFinite } from './dense.ts';

/** Throws the errors of `requireFinite`: there the library returns NaN or throws an unclear error. */
export function toLibrary(matrix: Dense): Matrix {
  requireFinite(matrix);
  const { rows, columns, values } = matrix;
  return new Matrix(
    Array.from({ length: rows }, (_, i) => values.subarray(i * columns, (i + 1) * columns)),
  );
}

export function fromLibrary(matrix: Matrix): Dense {
  return dense(matrix.rows, matrix.columns, Float64Array.from(matrix.to1DArray()));
}
