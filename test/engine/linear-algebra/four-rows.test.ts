import { CholeskyDecomposition, Matrix } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import { cholesky } from '../../../src/engine/linear-algebra/cholesky.ts';
import { dense } from '../../../src/engine/linear-algebra/dense.ts';
import {
  inverseOfLower,
  inverseOfProduct,
  solveTriangular,
  timesTriangle,
} from '../../../src/engine/linear-algebra/triangular.ts';
import { distance, drawn, identity, multiply, spoilt, transpose } from './matrices.ts';

// Journals are resumed by the same proposals, so what is faster must give the same bits.
describe.each([1, 3, 4, 5, 8, 11, 34])('four rows at a time, in a matrix of %i rows', (size) => {
  const root = drawn(size, size + 3, size);
  const gram = multiply(root, transpose(root));
  const { lower } = cholesky(gram);

  it('have the bits of one row at a time', () => {
    const rows = Array.from({ length: size }, (_, i) =>
      gram.values.subarray(i * size, (i + 1) * size),
    );
    const symmetric = rows.map((row, i) =>
      row.map((_, j) => rows[Math.max(i, j)]?.[Math.min(i, j)] as number),
    );
    const library = new CholeskyDecomposition(new Matrix(symmetric));
    expect([...lower.values]).toEqual(library.lowerTriangularMatrix.to1DArray());
  });

  it('invert a triangle to the bits of solving it', () => {
    const solved = solveTriangular({ matrix: lower, half: 'lower' }, identity(size));
    expect(inverseOfLower(lower).values).toEqual(solved.values);
  });

  it('invert a product to the bits of one row at a time', () => {
    const { values: w } = inverseOfLower(lower);
    const expected = Array.from({ length: size ** 2 }, (_, place) => {
      const [i, j] = [Math.floor(place / size), place % size];
      let sum = 0;
      for (let k = Math.max(i, j); k < size; k++) {
        sum += (w[k * size + i] as number) * (w[k * size + j] as number);
      }
      return sum;
    });
    expect([...inverseOfProduct(lower).values]).toEqual(expected);
  });

  it.each(['lower', 'upper'] as const)('multiply with the %s triangle', (half) => {
    const triangle = spoilt(half === 'lower' ? lower : transpose(lower), (i, j) =>
      half === 'lower' ? j <= i : j >= i,
    );
    const x = drawn(6, size, 2);
    const whole = half === 'lower' ? lower : transpose(lower);
    const found = timesTriangle(triangle, half, x.values);
    const expected = transpose(multiply(whole, transpose(x)));
    expect(distance(dense(6, size, found), expected)).toBeLessThan(1e-12 * size);
    for (let row = 0; row < 6; row++) {
      const [from, to] = [row * size, (row + 1) * size];
      const alone = timesTriangle(triangle, half, x.values.slice(from, to));
      expect(found.slice(from, to)).toEqual(alone);
    }
  });
});
