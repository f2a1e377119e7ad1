// Types II and III of MoDeGPT: a product of two matrices inside a head, queries and keys or values and output, gets fewer
// inner columns. Lin et al. 2024, sections 3.2.2 and 3.2.3.
//
// Notation   C (n, n) second moments of the inputs x, A (n, d) left factor, B right factor: (n, d) of keys, (d, o) of outputs
//            G = A'CA, R = G^(1/2)
// Scores     error |C^(1/2) (A B' - A' B'') C^(1/2)|^2; optimal by the singular values of R_A R_B = U S V':
//            A' = A R_B V S^(-1/2), B' = B R_A U S^(-1/2) for the k greatest, error = sum of the other s_i^2
// Values     error |C^(1/2) (A B - A' B')|^2; optimal by R_A B = U S V': A' = A B V, B' = V', error likewise
//
// Departs from the paper: these forms need no inverse of C, so that a constant channel is no special case; scores are split
// by the singular value decomposition, which is optimal here since there are no rotary positions between the factors.

import {
  below,
  beside,
  columnsOf,
  diagonalOf,
  identity,
  innerProduct,
  product,
  range,
  rowsOf,
} from '../../../engine/linear-algebra/blocks.ts';
import { singularValues, symmetricEigen } from '../../../engine/linear-algebra/decompositions.ts';
import { type Dense, dense, transposed } from '../../../engine/linear-algebra/dense.ts';
import { greatest } from './feed-forward.ts';

/** A (n, d) and B, (n, d) for scores and (d, o) for values. */
export interface Factors {
  readonly left: Dense;
  readonly right: Dense;
}

/** The ways to narrow the factors of one head. */
export interface Narrowing {
  /** (d,) how much each of the columns that may stay contributes; comparable between heads of a layer. */
  readonly strengths: Float64Array;
  /** The factors with the `count` strongest columns. */
  keep(count: number): Factors;
}

export type Narrow = (factors: Factors, moments: Dense) => Narrowing;

/** Singular values below this share of the greatest are rounding errors. */
const RANK_TOLERANCE = 1e-12;

/** The best approximation of the scores on the calibration windows. */
export const scoresBySingularValues: Narrow = ({ left, right }, moments) => {
  const [ofLeft, ofRight] = [root(gram(left, moments)), root(gram(right, moments))];
  const { values, left: u, right: v } = singularValues(product(ofLeft, ofRight));
  const [turnLeft, turnRight] = [product(ofRight, v), product(ofLeft, u)];
  return {
    strengths: values.map((value) => value ** 2),
    keep(count) {
      const factors = values.subarray(0, count).map((value) => {
        return value > RANK_TOLERANCE * (values[0] as number) ? 1 / Math.sqrt(value) : 0;
      });
      return {
        left: product(left, scaledColumns(turnLeft, factors)),
        right: product(right, scaledColumns(turnRight, factors)),
      };
    },
  };
};

/** Columns by sqrt(G_A,ii G_B,ii), as published. Its error is at most ((d - k) / d)^2 tr G_A tr G_B (Proposition 2). */
export const scoresByColumns: Narrow = (factors, moments) => {
  const [g, h] = [factors.left, factors.right].map((side) => diagonalOf(gram(side, moments)));
  const strengths = (g as Float64Array).map((value, i) => value * (h?.[i] as number));
  return byColumns(factors, strengths, 'columns');
};

/** The best approximation of the values. */
export const valuesBySingularValues: Narrow = ({ left, right }, moments) => {
  const { values, right: v } = singularValues(product(root(gram(left, moments)), right));
  const through = product(left, right);
  return {
    strengths: values.map((value) => value ** 2),
    keep(count) {
      const directions = columnsOf(v, range(0, count));
      return { left: product(through, directions), right: transposed(directions) };
    },
  };
};

/** Columns of scores or values by the norms of their weights: needs no windows. */
export const byMagnitude =
  (side: 'columns' | 'rows'): Narrow =>
  (factors) => {
    const right = side === 'columns' ? transposed(factors.right) : factors.right;
    const norms = squaredNorms(right);
    const strengths = squaredNorms(transposed(factors.left)).map((norm, i) => {
      return norm * (norms[i] as number);
    });
    return byColumns(factors, strengths, side);
  };

/** As if all inputs were alike, which needs no windows. */
export const singularValuesOfWeights =
  (narrow: Narrow): Narrow =>
  (factors) =>
    narrow(factors, identity(factors.left.rows));

/** Squared errors on the calibration windows, and the square of what was there. */
export type ErrorsOf = (
  before: Factors,
  after: Factors,
  moments: Dense,
) => readonly [error: number, whole: number];

/** |C^(1/2) (A B' - A' B'') C^(1/2)|^2 */
export const scoreErrors: ErrorsOf = (before, after, moments) => {
  const left = gram(beside([before.left, negative(after.left)]), moments);
  const right = gram(beside([before.right, after.right]), moments);
  const whole = innerProduct(gram(before.left, moments), gram(before.right, moments));
  return [Math.max(0, innerProduct(left, right)), whole];
};

/** |C^(1/2) (A B - A' B')|^2 */
export const valueErrors: ErrorsOf = (before, after, moments) => {
  const left = gram(beside([before.left, negative(after.left)]), moments);
  const right = below([before.right, after.right]);
  const whole = gram(product(before.left, before.right), moments);
  const error = innerProduct(left, product(right, transposed(right)));
  return [Math.max(0, error), diagonalOf(whole).reduce((sum, value) => sum + value, 0)];
};

/**
 * How many columns each head keeps of `total`: the strongest of all heads of a layer, but at least one of each.
 * Departs from the paper, in which all heads of a layer keep the same number: the sum of the errors is less.
 */
export function countsByStrength(
  strengths: readonly Float64Array[],
  total: number,
): readonly number[] {
  const order = strengths
    .flatMap((own, head) => [...sortedDown(own)].map((value, rank) => ({ head, rank, value })))
    .sort((a, b) => Number(b.rank === 0) - Number(a.rank === 0) || b.value - a.value);
  const counts = strengths.map(() => 0);
  for (const { head } of order.slice(0, total)) counts[head] = (counts[head] as number) + 1;
  return counts;
}

function byColumns(
  { left, right }: Factors,
  strengths: Float64Array,
  side: 'columns' | 'rows',
): Narrowing {
  return {
    strengths,
    keep(count) {
      const kept = greatest(strengths, count);
      const pick = side === 'columns' ? columnsOf : rowsOf;
      return { left: columnsOf(left, kept), right: pick(right, kept) };
    },
  };
}

/** A'CA (d, d). */
function gram(a: Dense, moments: Dense): Dense {
  return product(transposed(a), product(moments, a));
}

/** The symmetric root of a positive semidefinite matrix; eigenvalues that rounding has made negative are 0. */
function root(g: Dense): Dense {
  const { values, vectors } = symmetricEigen(g);
  const rows = new Float64Array(g.values.length);
  for (const [k, vector] of vectors.entries()) {
    rows.set(
      vector.map((value) => value * Math.max(0, values[k] as number) ** 0.25),
      k * g.columns,
    );
  }
  const half = dense(g.rows, g.columns, rows);
  return product(transposed(half), half);
}

function scaledColumns(a: Dense, factors: Float64Array): Dense {
  const chosen = columnsOf(a, range(0, factors.length));
  const values = chosen.values.map((value, i) => value * (factors[i % factors.length] as number));
  return dense(chosen.rows, chosen.columns, values);
}

function negative({ rows, columns, values }: Dense): Dense {
  return dense(
    rows,
    columns,
    values.map((value) => -value),
  );
}

/** Of each row. */
function squaredNorms({ rows, columns, values }: Dense): Float64Array {
  return Float64Array.from({ length: rows }, (_, i) =>
    values.subarray(i * columns, (i + 1) * columns).reduce((sum, value) => sum + value ** 2, 0),
  );
}

function sortedDown(values: Float64Array): Float64Array {
  return values.slice().sort().reverse();
}
