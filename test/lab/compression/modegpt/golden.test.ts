// The decompositions against SciPy, which computes them by their definitions; see scripts/golden/modegpt.py.
import { describe, expect, it } from 'vitest';
import { product } from '../../../../src/engine/linear-algebra/blocks.ts';
import { type Dense, dense, transposed } from '../../../../src/engine/linear-algebra/dense.ts';
import { removedShares } from '../../../../src/lab/compression/modegpt/allocation.ts';
import {
  scoreErrors,
  scoresByColumns,
  scoresBySingularValues,
  valueErrors,
  valuesBySingularValues,
} from '../../../../src/lab/compression/modegpt/factors.ts';
import { narrowFeed, ridgeLeverage } from '../../../../src/lab/compression/modegpt/feed-forward.ts';
import { golden } from '../../../golden/read.ts';

type Rows = readonly (readonly number[])[];

interface Golden {
  readonly tolerance: number;
  readonly feed: {
    readonly moments: Rows;
    readonly weights: Rows;
    readonly whole: number;
    readonly leverage: readonly number[];
    readonly cases: readonly {
      readonly kept: readonly number[];
      readonly next: Rows;
      readonly error: number;
      readonly bound: number;
    }[];
  };
  readonly scores: readonly {
    readonly moments: Rows;
    readonly half: Rows;
    readonly query: Rows;
    readonly key: Rows;
    readonly whole: number;
    readonly strengths: readonly number[];
    readonly cases: readonly {
      readonly best: Rows;
      readonly error: number;
      readonly kept: readonly number[];
      readonly columnError: number;
      readonly bound: number;
    }[];
  }[];
  readonly values: readonly {
    readonly moments: Rows;
    readonly half: Rows;
    readonly value: Rows;
    readonly output: Rows;
    readonly whole: number;
    readonly cases: readonly { readonly product: Rows; readonly error: number }[];
  }[];
  readonly allocation: readonly {
    readonly importance: readonly number[];
    readonly ratio: number;
    readonly temperature: number;
    readonly removed: readonly number[];
  }[];
}

const { tolerance, ...reference } = golden<Golden>('modegpt.json');

describe('feed-forward layers, narrowed', () => {
  const { moments, weights, whole, leverage, cases } = reference.feed;
  const [c, w] = [matrix(moments), matrix(weights)];

  it('have the ridge leverage of each column', () => {
    expectNear(ridgeLeverage(c), leverage);
  });

  it.each(cases)('keep $kept with the error of the formula, within its bound', (wanted) => {
    const { kept, next, error } = narrowFeed(c, w, wanted.kept.length);
    expect(kept).toEqual(wanted.kept);
    expectNear(next.values, wanted.next.flat());
    expectNear([error * whole], [wanted.error], whole);
    expect(error * whole).toBeLessThanOrEqual(wanted.bound * (1 + tolerance) + tolerance * whole);
  });
});

describe.each(reference.scores)('queries and keys, narrowed', (wanted) => {
  const { moments, half, query, key, whole } = wanted;
  const [c, root] = [matrix(moments), matrix(half)];
  const factors = { left: matrix(query), right: matrix(key) };
  const best = scoresBySingularValues(factors, c);
  const columns = scoresByColumns(factors, c);

  it('have the singular values of the scores', () => {
    expectNear(best.strengths, wanted.strengths, whole);
  });

  it.each(wanted.cases)('are the best of their rank, or $kept of the columns', (known) => {
    const count = known.kept.length;
    const kept = best.keep(count);
    const seen = product(product(root, product(kept.left, transposed(kept.right))), root);
    expectNear(seen.values, known.best.flat());
    const [error] = scoreErrors(factors, kept, c);
    expectNear([error], [known.error], whole);
    const chosen = columns.keep(count);
    expectNear(
      chosen.left.values,
      query.flatMap((row) => known.kept.map((i) => row[i] as number)),
    );
    const [columnError] = scoreErrors(factors, chosen, c);
    expectNear([columnError], [known.columnError], whole);
    // Proposition 2, and that nothing is better than the singular values.
    expect(columnError).toBeLessThanOrEqual(known.bound + tolerance * whole);
    expect(error).toBeLessThanOrEqual(columnError + tolerance * whole);
  });
});

describe.each(reference.values)('values and outputs, narrowed', (wanted) => {
  const { moments, half, value, output, whole } = wanted;
  const c = matrix(moments);
  const factors = { left: matrix(value), right: matrix(output) };

  it.each(wanted.cases)('lose the singular values that are left out', (known) => {
    const count = wanted.cases.indexOf(known) + 1;
    const kept = valuesBySingularValues(factors, c).keep(count);
    const seen = product(matrix(half), product(kept.left, kept.right));
    expectNear(seen.values, known.product.flat());
    const [error, all] = valueErrors(factors, kept, c);
    expectNear([error, all], [known.error, whole], whole);
  });
});

describe('the shares that layers lose', () => {
  it.each(reference.allocation)('are those of $ratio at $temperature', (wanted) => {
    const { importance, ratio, temperature, removed } = wanted;
    expectNear(removedShares(importance, ratio, temperature), removed);
  });
});

function matrix(rows: Rows): Dense {
  return dense(rows.length, rows[0]?.length ?? 0, Float64Array.from(rows.flat()));
}

/** Relative to the greatest, or to `scale`. */
function expectNear(found: ArrayLike<number>, wanted: readonly number[], scale?: number): void {
  expect(found.length).toBe(wanted.length);
  const size = scale ?? Math.max(...wanted.map(Math.abs));
  const off = wanted.map((value, i) => Math.abs(value - (found[i] as number)) / size);
  expect(Math.max(...off)).toBeLessThan(tolerance);
}
