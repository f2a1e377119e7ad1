// Models a time as the sum over the parts of the work: t = sum over features of a rate times a, no rate below 0.
//
// Notation   N known designs, E features of each, R (N, E) features divided by the measured time: R rates = 1
import { cholesky } from '../../engine/linear-algebra/cholesky.ts';
import { dense } from '../../engine/linear-algebra/dense.ts';
import {
  countOf,
  type FitRegressor,
  type Points,
  rowOf,
} from '../../engine/regression/regressor.ts';

/** Share of a feature's greatest entry in R; keeps variances finite if the designs do not determine all rates. */
const RIDGE = 1e-3;

/** Lower bound of a sum, as a share of the shortest measured time: 0 has no logarithm. */
const LEAST = 1e-3;

/**
 * Predicts logarithms of times; rates are fitted by least squares of relative errors. Unlike trees, it extrapolates beyond the
 * measured designs. Features are counts. Departs from ProTran, which has no such regressor.
 */
export const sumOfParts: FitRegressor = (points, logarithms) => {
  const times = logarithms.map(Math.exp);
  const relative = relativeTo(rowsOf(points), times);
  const rates = ratesFrom(relative);
  const left = relative.map((row) => 1 - sumOf(row, rates));
  const free = Math.max(1, left.length - rates.filter((rate) => rate > 0).length);
  const aleatoric = Math.sqrt(left.reduce((sum, off) => sum + off * off, 0) / free);
  const doubt = doubtOf(relative);
  const least = LEAST * Math.min(...times);
  return {
    predict(asked) {
      const rows = rowsOf(asked);
      const told = rows.map((row) => Math.max(least, sumOf(row, rates)));
      return {
        mean: Float64Array.from(told, Math.log),
        aleatoric: new Float64Array(rows.length).fill(aleatoric),
        epistemic: Float64Array.from(told, (time, i) => (aleatoric * doubt(rows[i] ?? [])) / time),
      };
    },
  };
};

/** (E,) Rates that make the sums of the parts nearest to the times, by relative errors: none below 0. `parts` (N, E). */
export function ratesOf(
  parts: readonly (readonly number[])[],
  times: ArrayLike<number>,
): readonly number[] {
  return ratesFrom(relativeTo(parts, times));
}

function relativeTo(parts: readonly (readonly number[])[], times: ArrayLike<number>): number[][] {
  return parts.map((row, i) => row.map((part) => part / (times[i] as number)));
}

function ratesFrom(relative: readonly (readonly number[])[]): readonly number[] {
  return leastSquaresAboveZero(
    relative,
    relative.map(() => 1),
  );
}

/** Deviation of a sum divided by that of one measurement: sqrt(a' (R'R)^-1 a), ignoring the bound of the rates at 0. */
function doubtOf(relative: readonly (readonly number[])[]): (row: readonly number[]) => number {
  const width = relative[0]?.length ?? 0;
  const scales = Array.from({ length: width }, (_, j) =>
    relative.reduce((most, row) => Math.max(most, Math.abs(row[j] as number)), 0),
  );
  const scaled = (row: readonly number[]): number[] =>
    row.map((value, j) => value / (scales[j] || 1));
  const rows = relative.map(scaled);
  const gram = Float64Array.from({ length: width * width }, (_, place) => {
    const [j, k] = [Math.floor(place / width), place % width];
    const products = rows.map((row) => (row[j] as number) * (row[k] as number));
    return products.reduce((sum, product) => sum + product, j === k ? RIDGE : 0);
  });
  const { solve } = cholesky(dense(width, width, gram));
  return (row) => {
    const asked = scaled(row);
    const solved = solve(dense(width, 1, Float64Array.from(asked)));
    return Math.sqrt(sumOf(asked, solved.values));
  };
}

function rowsOf(points: Points): number[][] {
  return Array.from({ length: countOf(points) }, (_, i) => Array.from(rowOf(points, i)));
}

function sumOf(row: readonly number[], rates: ArrayLike<number>): number {
  return row.reduce((sum, value, j) => sum + value * (rates[j] as number), 0);
}

/** Rounds over all unknowns; our half dozen unknowns converge long before. */
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
