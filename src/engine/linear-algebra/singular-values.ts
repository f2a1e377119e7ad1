// A = U diag(s) V' (Golub and Kahan's reduction and QR, of ml-matrix).
import { SingularValueDecomposition } from 'ml-matrix';
import { type Dense, fromLibrary, toLibrary } from './dense.ts';

/** r = min(rows, columns) */
export interface SingularValues {
  /** (r,) descending, >= 0. */
  readonly values: Float64Array;
  /** U (rows, r), its columns of length 1. */
  readonly left: Dense;
  /** V (columns, r), its columns of length 1. */
  readonly right: Dense;
}

/** Singular values are right to a few ulps of the greatest. The signs of a pair of columns are anybody's. */
export function singularValues(a: Dense): SingularValues {
  const svd = new SingularValueDecomposition(toLibrary(a), { autoTranspose: true });
  return {
    values: Float64Array.from(svd.diagonal),
    left: fromLibrary(svd.leftSingularVectors),
    right: fromLibrary(svd.rightSingularVectors),
  };
}
