// A = Q R of matrices with at least as many rows as columns, and least squares (Householder, from ml-matrix).
import { QrDecomposition } from 'ml-matrix';
import { CalibrationError } from '../../core/errors.ts';
import { type Dense, dense } from './dense.ts';
import { fromLibrary, toLibrary } from './library.ts';
import { solveTriangular } from './triangular.ts';

export interface Qr {
  /** (m, n), orthonormal columns. */
  readonly orthogonal: Dense;
  /** (n, n), upper triangular; the diagonal is >= 0. */
  readonly upper: Dense;
}

/** A diagonal element of R below this share of the greatest is a rounding error: the column depends on earlier ones. */
const RANK_TOLERANCE = 1e-14;

/** Throws RangeError if there are more columns than rows. */
export function qr(a: Dense): Qr {
  if (a.rows < a.columns) {
    throw new RangeError(
      `the matrix is ${a.rows}x${a.columns}, must have no more columns than rows`,
    );
  }
  const decomposition = new QrDecomposition(toLibrary(a));
  const orthogonal = fromLibrary(decomposition.orthogonalMatrix);
  const upper = fromLibrary(decomposition.upperTriangularMatrix);
  for (let k = 0; k < a.columns; k++) {
    if ((upper.values[k * a.columns + k] as number) >= 0) continue;
    for (let j = k; j < a.columns; j++) negate(upper.values, k * a.columns + j);
    for (let i = 0; i < a.rows; i++) negate(orthogonal.values, i * a.columns + k);
  }
  return { orthogonal, upper };
}

/** X with the least |A X - B|, (m, n) and (m, k). Throws `CalibrationError` if columns of A depend on others. */
export function leastSquares(a: Dense, b: Dense): Dense {
  if (a.rows !== b.rows) {
    throw new RangeError(`the right side has ${b.rows} rows, the matrix ${a.rows}`);
  }
  const { orthogonal, upper } = qr(a);
  const diagonal = Float64Array.from(
    { length: a.columns },
    (_, k) => upper.values[k * a.columns + k] as number,
  );
  const least = RANK_TOLERANCE * Math.max(...diagonal);
  const dependent = diagonal.findIndex((value) => value <= least);
  if (dependent >= 0) {
    throw new CalibrationError(
      `column ${dependent} of the ${a.rows}x${a.columns} matrix depends on those before it: leave it out`,
      { code: 'SEN_CAL_MATRIX' },
    );
  }
  return solveTriangular({ matrix: upper, half: 'upper' }, projected(orthogonal, b));
}

/** Q' B */
function projected(q: Dense, b: Dense): Dense {
  const values = new Float64Array(q.columns * b.columns);
  for (let row = 0; row < q.rows; row++) {
    for (let i = 0; i < q.columns; i++) {
      const factor = q.values[row * q.columns + i] as number;
      for (let j = 0; j < b.columns; j++) {
        const place = i * b.columns + j;
        values[place] =
          (values[place] as number) + factor * (b.values[row * b.columns + j] as number);
      }
    }
  }
  return dense(q.columns, b.columns, values);
}

function negate(values: Float64Array, place: number): void {
  values[place] = -(values[place] as number);
}
