/** Rounds over all unknowns; with the half dozen of our use it stands still long before. */
const ROUNDS = 5000;

/**
 * x >= 0 that makes |A x - y| least, A (rows, unknowns) by rows. Coordinate descent: Franc, Hlavac and Navara 2005,
 * "Sequential coordinate-wise algorithm for the non-negative least squares problem".
 */
export function leastSquaresAboveZero(
  a: readonly (readonly number[])[],
  y: readonly number[],
): readonly number[] {
  const unknowns = a[0]?.length ?? 0;
  const columns = Array.from({ length: unknowns }, (_, j) => a.map((row) => row[j] as number));
  const squares = columns.map((column) => column.reduce((sum, value) => sum + value * value, 0));
  const x = new Array<number>(unknowns).fill(0);
  const left = [...y];
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [j, column] of columns.entries()) {
      const square = squares[j] as number;
      if (square === 0) continue;
      const slope = column.reduce((sum, value, i) => sum + value * (left[i] as number), 0);
      const step = Math.max(slope / square, -(x[j] as number));
      x[j] = (x[j] as number) + step;
      for (const [i, value] of column.entries()) left[i] = (left[i] as number) - step * value;
    }
  }
  return x;
}
