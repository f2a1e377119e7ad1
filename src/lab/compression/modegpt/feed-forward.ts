// Type I of MoDeGPT: keeps the feed-forward columns that predict the others best, and has the next layer make up for the
// rest. Lin et al. 2024, section 3.2.1 (Nystrom approximation by ridge leverage scores).
//
// Notation   H (N, f) activations, C (f, f) = H'H, W (f, o) weights of the next layer, S the k columns that stay
//            s_i = [C (C + lambda I)^-1]_ii,  W' (k, o) = (S'CS)^-1 S'C W
//            error |H W - H S W'|^2 = tr(W' E W), E = C - C S (S'CS)^-1 S'C

import {
  columnsOf,
  diagonalOf,
  identity,
  innerProduct,
  product,
  range,
  rowsOf,
} from '../../../engine/linear-algebra/blocks.ts';
import { choleskyWithJitter } from '../../../engine/linear-algebra/cholesky.ts';
import {
  type Dense,
  dense,
  transposed,
  withDiagonal,
} from '../../../engine/linear-algebra/dense.ts';

/** lambda, as a share of the mean of the diagonal of C. */
const RIDGE = 1e-2;
/** Dependent columns differ by rounding alone: this share of the mean diagonal is added to S'CS if it is singular. */
const MOST_JITTER = 1e-6;

export interface NarrowedFeed {
  /** (k,) ascending. */
  readonly kept: readonly number[];
  /** W' (k, o). */
  readonly next: Dense;
  /** As a share of |H W|^2. */
  readonly error: number;
}

/** s (f,). 0 for a column that is always 0. */
export function ridgeLeverage(moments: Dense): Float64Array {
  const size = moments.rows;
  let trace = 0;
  for (let i = 0; i < size; i++) trace += moments.values[i * size + i] as number;
  if (trace === 0) return new Float64Array(size);
  const ridge = (RIDGE * trace) / size;
  const inverse = choleskyWithJitter(withDiagonal(moments, ridge)).solve(identity(size));
  return Float64Array.from(
    { length: size },
    (_, i) => 1 - ridge * (inverse.values[i * size + i] as number),
  );
}

/** The `count` columns with the greatest scores, ascending or greatest first; of equal ones the first. */
export function greatest(
  scores: ArrayLike<number>,
  count: number,
  order: 'ascending' | 'by score' = 'ascending',
): readonly number[] {
  const found = range(0, scores.length)
    .toSorted((a, b) => (scores[b] as number) - (scores[a] as number) || a - b)
    .slice(0, count);
  return order === 'ascending' ? found.sort((a, b) => a - b) : found;
}

export function narrowFeed(moments: Dense, next: Dense, count: number): NarrowedFeed {
  const kept = independent(moments, ridgeLeverage(moments), count);
  return { kept, ...compensated(moments, next, kept) };
}

/** A column of which less than this share is new beside those before it adds only rounding errors. */
const LEAST_NEW = 1e-9;

/**
 * The columns with the greatest scores, ascending. Departs from the paper: a column that depends on those already chosen
 * comes last, else both of two equal columns would stay, and what neither says would be lost.
 */
export function independent(
  moments: Dense,
  scores: Float64Array,
  count: number,
): readonly number[] {
  const order = greatest(scores, scores.length, 'by score');
  const rest = moments.values.slice(); // E of the columns chosen so far
  const size = moments.rows;
  const chosen: number[] = [];
  const dependent: number[] = [];
  for (const column of order) {
    const own = rest.subarray(column * size, (column + 1) * size).slice();
    const left = own[column] as number;
    if (left <= LEAST_NEW * (moments.values[column * size + column] as number)) {
      dependent.push(column);
      continue;
    }
    chosen.push(column);
    if (chosen.length === count) break;
    subtractOuter(rest, own, left);
  }
  return [...chosen, ...dependent].slice(0, count).sort((a, b) => a - b);
}

/** rest -= x x' / divisor */
function subtractOuter(rest: Float64Array, x: Float64Array, divisor: number): void {
  for (let i = 0; i < x.length; i++) {
    const factor = (x[i] as number) / divisor;
    const row = i * x.length;
    for (let j = 0; j < x.length; j++) {
      rest[row + j] = (rest[row + j] as number) - factor * (x[j] as number);
    }
  }
}

/** Keeps the columns with the greatest weights before and after them; the next layer makes up for nothing. */
export function narrowFeedByMagnitude(
  moments: Dense,
  { before, next }: { readonly before: Dense; readonly next: Dense },
  count: number,
): NarrowedFeed {
  const after = transposed(next);
  const norms = [before, after].map((weights) => diagonalOf(product(transposed(weights), weights)));
  const kept = greatest(
    (norms[0] as Float64Array).map((norm, i) => norm * (norms[1]?.[i] as number)),
    count,
  );
  const dropped = range(0, next.rows).filter((i) => !kept.includes(i));
  const missing = rowsOf(next, dropped);
  const seen = columnsOf(rowsOf(moments, dropped), dropped);
  const whole = energy(moments, next);
  return { kept, next: rowsOf(next, kept), error: whole > 0 ? energy(seen, missing) / whole : 0 };
}

/** W' for the columns that are kept, and the error. */
export function compensated(
  moments: Dense,
  next: Dense,
  kept: readonly number[],
): Omit<NarrowedFeed, 'kept'> {
  const whole = energy(moments, next);
  // Columns that are always 0 cannot be solved for, and contribute nothing.
  const live = kept.filter((i) => (moments.values[i * moments.rows + i] as number) > 0);
  if (live.length === 0) return { next: rowsOf(next, kept), error: whole > 0 ? 1 : 0 };
  const cross = rowsOf(moments, live); // S'C
  const inner = columnsOf(cross, live); // S'CS
  const target = product(cross, next); // S'C W
  const solved = choleskyWithJitter(inner, MOST_JITTER).solve(target);
  // Exact also where the solution is not: |H W|^2 - 2 tr(W'' S'C W) + tr(W'' S'CS W').
  const left =
    whole - 2 * innerProduct(solved, target) + innerProduct(solved, product(inner, solved));
  const solution = new Map(live.map((column, row) => [column, row]));
  const values = kept.flatMap((column) => {
    const row = solution.get(column);
    const { columns } = next;
    return row === undefined
      ? Array.from({ length: columns }, () => 0)
      : [...solved.values.subarray(row * columns, (row + 1) * columns)];
  });
  return {
    next: dense(kept.length, next.columns, Float64Array.from(values)),
    error: whole > 0 ? Math.max(0, left) / whole : 0,
  };
}

/** tr(W' C W). */
function energy(moments: Dense, weights: Dense): number {
  return innerProduct(weights, product(moments, weights));
}
