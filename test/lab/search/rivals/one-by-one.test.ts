import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../../src/engine/random.ts';
import { learntFrom } from '../../../../src/lab/search/rivals/expected-improvement.ts';
import { freshPool, Ledger } from '../../../../src/lab/search/rivals/one-by-one.ts';
import { gridCandidates } from '../toy.ts';

function ledgerOf(count: number, proposed: readonly number[]): Ledger {
  const ledger = new Ledger(count);
  for (const candidate of proposed) ledger.propose(candidate);
  return ledger;
}

describe('Ledger', () => {
  it('knows which candidates are fresh, whatever the order of proposals', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(19), { maxLength: 20 }), (proposed) => {
        const ledger = ledgerOf(20, proposed);
        const rest = [...Array(20).keys()].filter((one) => !proposed.includes(one));
        expect([...ledger.freshCandidates()].sort((a, b) => a - b)).toEqual(rest);
        expect([ledger.fresh, ledger.proposed]).toEqual([rest.length, proposed.length]);
        for (let one = 0; one < 20; one++) expect(ledger.isFresh(one)).toBe(rest.includes(one));
        expect([...ledger.pending]).toEqual(proposed);
      }),
      { numRuns: 30 },
    );
  });

  it('refuses candidates that are none, and those it has', () => {
    expect(() => ledgerOf(3, [3])).toThrow(RangeError);
    expect(() => ledgerOf(3, [1, 1])).toThrow(/candidate 1/);
  });

  it('draws only fresh candidates, each of them in the long run', () => {
    const ledger = ledgerOf(6, [0, 5]);
    const random = createRandom(1);
    const drawn = new Set(Array.from({ length: 60 }, () => ledger.drawFresh(random)));
    expect([...drawn].sort()).toEqual([1, 2, 3, 4]);
  });

  it('averages repetitions, ranks what is feasible, and drops objectives of what is not', () => {
    const ledger = ledgerOf(9, [1, 2, 3, 4]);
    ledger.tell({ candidate: 3, values: [1, 3] });
    ledger.tell({ candidate: 1, values: [], objectives: [1] });
    ledger.tell({ candidate: 2, values: [5], objectives: [2, 2] });
    expect(ledger.told).toEqual([
      { candidate: 3, value: 2, objectives: undefined },
      { candidate: 1, value: undefined, objectives: undefined },
      { candidate: 2, value: 5, objectives: [2, 2] },
    ]);
    expect(ledger.best(9).map(({ candidate }) => candidate)).toEqual([2, 3]);
    expect(ledger.best(1).map(({ candidate }) => candidate)).toEqual([2]);
    expect([...ledger.pending]).toEqual([4]);
  });
});

describe('learntFrom', () => {
  it('counts what is infeasible as the worst and what is outstanding as the best', () => {
    const ledger = ledgerOf(9, [4, 5, 6, 7]);
    ledger.tell({ candidate: 6, values: [2] });
    ledger.tell({ candidate: 4, values: [] });
    expect(learntFrom(ledger)).toBeUndefined();
    ledger.tell({ candidate: 7, values: [3] });
    expect(learntFrom(ledger)).toEqual({
      candidates: [6, 4, 7, 5],
      values: Float64Array.of(2, 2, 3, 3),
      best: 3,
    });
  });
});

describe('freshPool', () => {
  const line = gridCandidates([100]);

  it('is all that is fresh where that is little', () => {
    const ledger = ledgerOf(line.count, [50]);
    const pool = freshPool(line, ledger, 99, createRandom(1));
    expect(new Set(pool)).toEqual(new Set(ledger.freshCandidates()));
    expect(pool).not.toEqual(ledger.freshCandidates());
  });

  it('is a part of it otherwise, with the fresh neighbours of the best', () => {
    const ledger = ledgerOf(line.count, [50, 51, 80]);
    ledger.tell({ candidate: 50, values: [1] });
    const pool = freshPool(line, ledger, 5, createRandom(1));
    expect(pool.length).toBeLessThanOrEqual(6);
    expect(new Set(pool).size).toBe(pool.length);
    expect([...pool]).toContain(49);
    expect([...pool].every((one) => ledger.isFresh(one))).toBe(true);
  });
});
