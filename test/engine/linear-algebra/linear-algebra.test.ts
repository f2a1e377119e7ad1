import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CalibrationError } from '../../../src/core/errors.ts';
import { cholesky, choleskyWithJitter } from '../../../src/engine/linear-algebra/cholesky.ts';
import {
  singularValues,
  symmetricEigen,
} from '../../../src/engine/linear-algebra/decompositions.ts';
import { dense } from '../../../src/engine/linear-algebra/dense.ts';
import { leastSquares, qr } from '../../../src/engine/linear-algebra/qr.ts';
import { solveTriangular } from '../../../src/engine/linear-algebra/triangular.ts';
import { golden } from '../../golden/read.ts';
import {
  diagonal,
  distance,
  drawn,
  greatest,
  identity,
  matrixOf,
  multiply,
  spoilt,
  transpose,
} from './matrices.ts';

type Rows = readonly (readonly number[])[];

const { tolerance, symmetric, indefinite, rectangular } = golden<{
  tolerance: number;
  indefinite: Rows;
  symmetric: readonly {
    name: string;
    a: Rows;
    condition: number;
    lower: Rows;
    logDeterminant: number;
    b: Rows;
    x: Rows;
    eigenvalues: number[];
  }[];
  rectangular: readonly {
    name: string;
    a: Rows;
    singularValues: number[];
    condition?: number;
    upper: Rows;
    b: Rows;
    x: Rows;
  }[];
}>('linear-algebra.json');

const full = rectangular.filter(({ condition }) => condition !== undefined);

const lowerHalf = (i: number, j: number): boolean => i >= j;

describe('cholesky', () => {
  it.each(symmetric)(
    'agrees with LAPACK: $name',
    ({ a, condition, lower, logDeterminant, b, x }) => {
      const matrix = matrixOf(a);
      const found = cholesky(spoilt(matrix, lowerHalf));
      expect(found.jitter).toBe(0);
      expect(distance(multiply(found.lower, transpose(found.lower)), matrix)).toBeLessThan(
        tolerance,
      );
      expect(distance(found.lower, matrixOf(lower))).toBeLessThan(tolerance * condition);
      expect(Math.abs(found.logDeterminant - logDeterminant)).toBeLessThan(tolerance * condition);
      expect(distance(found.solve(matrixOf(b)), matrixOf(x))).toBeLessThan(tolerance * condition);
    },
  );

  it('says which row of a matrix that is not positive definite fails', () => {
    const attempt = () => cholesky(matrixOf(indefinite));
    expect(attempt).toThrow(CalibrationError);
    expect(attempt).toThrow('the 3x3 matrix is not positive definite: row 2');
    expect(() =>
      cholesky(
        matrixOf([
          [1, 1],
          [1, 1],
        ]),
      ),
    ).toThrow('row 1');
  });

  it('refuses what is not square, empty or not finite', () => {
    expect(() => cholesky(drawn(2, 3, 1))).toThrow('the matrix is 2x3, must be square');
    expect(() => cholesky(dense(0, 0, new Float64Array(0)))).toThrow('no elements');
    expect(() =>
      cholesky(
        matrixOf([
          [1, 0],
          [Number.NaN, 1],
        ]),
      ),
    ).toThrow('of the matrix is NaN');
    expect(() => dense(2, 2, new Float64Array(3))).toThrow('a 2x2 matrix cannot have 3 values');
  });
});

describe('choleskyWithJitter', () => {
  it('adds nothing where nothing is missing', () => {
    const matrix = matrixOf([
      [4, 1],
      [1, 3],
    ]);
    expect(choleskyWithJitter(matrix)).toMatchObject({ jitter: 0, lower: cholesky(matrix).lower });
  });

  it('adds the least of its steps that helps, and says what', () => {
    // Two equal rows: the exact pivot is 0.
    const twins = choleskyWithJitter(
      matrixOf([
        [2, 2, 0],
        [2, 2, 0],
        [0, 0, 2],
      ]),
    );
    expect(twins.jitter).toBe(2e-10);
    // An eigenvalue of -2e-8 needs more than 2e-8.
    const matrix = matrixOf([
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, -2e-8],
    ]);
    const { jitter, lower } = choleskyWithJitter(matrix);
    expect(jitter).toBeGreaterThan(2e-8);
    expect(jitter).toBeLessThan(2e-7);
    const jittered = dense(
      3,
      3,
      matrix.values.map((value, i) => (i % 4 === 0 ? value + jitter : value)),
    );
    expect(distance(multiply(lower, transpose(lower)), jittered)).toBeLessThan(tolerance);
  });

  it('gives up where it is not rounding', () => {
    expect(() => choleskyWithJitter(matrixOf(indefinite))).toThrow('not even with');
    expect(choleskyWithJitter(matrixOf(indefinite), 1e-2).jitter).toBeGreaterThan(1e-3);
    expect(() =>
      choleskyWithJitter(
        matrixOf([
          [-1, 0],
          [0, -1],
        ]),
      ),
    ).toThrow(CalibrationError);
  });
});

describe('symmetricEigen', () => {
  it.each(symmetric)('agrees with LAPACK: $name', ({ a, eigenvalues }) => {
    const matrix = matrixOf(a);
    const { values, vectors } = symmetricEigen(spoilt(matrix, lowerHalf));
    const wanted = Float64Array.from(eigenvalues);
    expect(distance(diagonal(values), diagonal(wanted))).toBeLessThan(tolerance);
    const v = matrixOf(vectors.map((vector) => [...vector]));
    expect(distance(multiply(v, transpose(v)), identity(values.length))).toBeLessThan(tolerance);
    const again = multiply(multiply(transpose(v), diagonal(values)), v);
    expect(distance(again, matrix)).toBeLessThan(tolerance);
    for (const vector of vectors) expect(Math.max(...vector)).toBe(greatest(vector));
  });

  it('finds negative ones too', () => {
    const { values } = symmetricEigen(
      matrixOf([
        [0, 2],
        [2, 0],
      ]),
    );
    expect(distance(diagonal(values), diagonal([2, -2]))).toBeLessThan(tolerance);
  });
});

describe('singularValues', () => {
  it.each(rectangular)('agrees with LAPACK: $name', ({ a, singularValues: wanted }) => {
    const matrix = matrixOf(a);
    const { values, left, right } = singularValues(matrix);
    expect(distance(diagonal(values), diagonal(wanted))).toBeLessThan(tolerance);
    for (const side of [left, right]) {
      expect(distance(multiply(transpose(side), side), identity(values.length))).toBeLessThan(
        tolerance,
      );
    }
    const again = multiply(multiply(left, diagonal(values)), transpose(right));
    expect(distance(again, matrix)).toBeLessThan(tolerance);
  });
});

describe('qr', () => {
  it.each(full)('agrees with LAPACK: $name', ({ a, upper, condition = 0, b, x }) => {
    const matrix = matrixOf(a);
    const found = qr(matrix);
    const { orthogonal } = found;
    expect(
      distance(multiply(transpose(orthogonal), orthogonal), identity(matrix.columns)),
    ).toBeLessThan(tolerance);
    expect(distance(multiply(orthogonal, found.upper), matrix)).toBeLessThan(tolerance);
    expect(distance(found.upper, matrixOf(upper))).toBeLessThan(tolerance * condition);
    const least = leastSquares(matrix, matrixOf(b));
    expect(distance(least, matrixOf(x))).toBeLessThan(tolerance * condition ** 2);
  });

  it('refuses more columns than rows, and columns that depend on others', () => {
    expect(() => qr(drawn(2, 3, 1))).toThrow('no more columns than rows');
    const twice = matrixOf([
      [1, 2],
      [2, 4],
      [3, 6],
    ]);
    expect(() => leastSquares(twice, drawn(3, 1, 1))).toThrow('column 1 of the 3x2 matrix depends');
    expect(() => leastSquares(drawn(3, 2, 1), drawn(2, 1, 1))).toThrow(RangeError);
  });
});

describe('solveTriangular', () => {
  it('undoes the product with a triangle, whichever half, transposed or not', () => {
    const cases = fc.record({
      size: fc.integer({ min: 1, max: 9 }),
      columns: fc.integer({ min: 1, max: 3 }),
      half: fc.constantFrom('lower' as const, 'upper' as const),
      transposed: fc.boolean(),
    });
    fc.assert(
      fc.property(cases, ({ size, columns, half, transposed }) => {
        const isRead = (i: number, j: number) => (half === 'lower' ? i >= j : i <= j);
        // A diagonal of 4 keeps the condition number small.
        const values = drawn(size, size, size).values.map((value, i) =>
          i % (size + 1) === 0 ? 4 : value / size,
        );
        const matrix = spoilt(dense(size, size, values), isRead);
        const triangle = dense(
          size,
          size,
          matrix.values.map((value) => (value === 77 ? 0 : value)),
        );
        const x = drawn(size, columns, 2);
        const b = multiply(transposed ? transpose(triangle) : triangle, x);
        expect(distance(solveTriangular({ matrix, half, transposed }, b), x)).toBeLessThan(1e-13);
      }),
    );
  });

  it('names the row at which a singular triangle fails', () => {
    const matrix = matrixOf([
      [1, 0],
      [5, 0],
    ]);
    expect(() => solveTriangular({ matrix, half: 'lower' }, drawn(2, 1, 1))).toThrow(
      'element (1, 1) is 0',
    );
    expect(() => solveTriangular({ matrix, half: 'lower' }, drawn(3, 1, 1))).toThrow(
      '3 rows, the matrix 2',
    );
  });
});
