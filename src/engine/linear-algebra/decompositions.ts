// Decompositions with ml-matrix: eigenvectors of symmetric matrices, A = V' diag(lambda) V (Householder's reduction and QL,
// about n^3 * 10 flops), and singular values, A = U diag(s) V' (Golub and Kahan's reduction and QR).
import { EigenvalueDecomposition, SingularValueDecomposition } from 'ml-matrix';
import { type Dense, requireSquare } from './dense.ts';
import { fromLibrary, toLibrary } from './library.ts';

interface SymmetricEigen {
  /** (n,) descending. */
  readonly values: Float64Array;
  /** (n, n) one per row, of length 1; the sign makes the entry with the greatest magnitude positive. */
  readonly vectors: readonly Float64Array[];
}

/**
 * Only the lower half is read. Eigenvalues have errors of a few ulps of the greatest, so that those below about 1e-15
 * of it are noise, and may be negative.
 */
export function symmetricEigen(a: Dense): SymmetricEigen {
  requireSquare(a);
  const eigen = new EigenvalueDecomposition(toLibrary(a), { assumeSymmetric: true });
  const found = eigen.realEigenvalues;
  const order = found.map((_, k) => k).sort((a, b) => (found[b] as number) - (found[a] as number));
  return {
    values: Float64Array.from(order, (k) => found[k] as number),
    vectors: order.map((k) => oriented(Float64Array.from(eigen.eigenvectorMatrix.getColumn(k)))),
  };
}

function oriented(vector: Float64Array): Float64Array {
  const greatest = vector.reduce((a, b) => (Math.abs(b) > Math.abs(a) ? b : a), 0);
  return greatest < 0 ? vector.map((value) => -value) : vector;
}

/** r = min(rows, columns) */
interface SingularValues {
  /** (r,) descending, >= 0. */
  readonly values: Float64Array;
  /** U (rows, r), its columns of length 1. */
  readonly left: Dense;
  /** V (columns, r), its columns of length 1. */
  readonly right: Dense;
}

/** Singular values have errors of a few ulps of the greatest. The signs of a pair of columns are arbitrary. */
export function singularValues(a: Dense): SingularValues {
  const svd = new SingularValueDecomposition(toLibrary(a), { autoTranspose: true });
  return {
    values: Float64Array.from(svd.diagonal),
    left: fromLibrary(svd.leftSingularVectors),
    right: fromLibrary(svd.rightSingularVectors),
  };
}
