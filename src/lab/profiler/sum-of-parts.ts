// A time as the sum of what each part of the work takes: t = sum over features of a rate times a, no rate below 0.
//
// Notation   N designs known, E features of each, R (N, E) features over the time that was measured: R rates = 1
import { cholesky } from '../../engine/linear-algebra/cholesky.ts';
import { dense } from '../../engine/linear-algebra/dense.ts';
import {
  countOf,
  type FitRegressor,
  type Points,
  rowOf,
} from '../../engine/regression/regressor.ts';
import { leastSquaresAboveZero } from './least-squares-above-zero.ts';

/** Of the greatest that a feature has in R: what is left to doubt of rates that the designs cannot tell apart. */
const RIDGE = 1e-3;

/** Parts of the shortest time that was measured, below which no sum is taken: 0 has no logarithm. */
const LEAST = 1e-3;

/**
 * Of logarithms of times, by least squares of relative errors, so that it tells of designs beyond those that were measured
 * what trees cannot. Features are counts. Departs from ProTran, which has no such regressor.
 */
export const sumOfParts: FitRegressor = (points, logarithms) => {
  const times = logarithms.map(Math.exp);
  const relative = Array.from(times, (time, i) => Array.from(rowOf(points, i), (a) => a / time));
  const rates = leastSquaresAboveZero(
    relative,
    relative.map(() => 1),
  );
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

/** Deviation of a sum over that of one measurement: sqrt(a' (R'R)^-1 a), its rates as if they could be below 0. */
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
