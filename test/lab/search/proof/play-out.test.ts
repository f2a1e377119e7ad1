import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Outcome, Search } from '../../../../src/lab/search/contract.ts';
import { playOut } from '../../../../src/lab/search/proof/play-out.ts';
import {
  evaluationsUntil,
  improvementsOf,
  regretCurve,
  standingOf,
} from '../../../../src/lab/search/proof/progress.ts';

/** Asks for 0, 1, 2, ... and finishes after `count`. */
function inOrder(count: number, told: Outcome[] = []): Search {
  let next = 0;
  return {
    propose: (asked) =>
      Array.from({ length: Math.min(asked, count - next) }, () => ({
        candidate: next++,
        reason: next === 1 ? 'initial' : 'random',
      })),
    tell: (outcome) => void told.push(outcome),
    get finished() {
      return next === count;
    },
  };
}

function tableOf(...values: readonly (readonly number[])[]): readonly Outcome[] {
  return values.map((each, candidate) => ({ candidate, values: each }));
}

describe('standing', () => {
  it('is the mean over repetitions, equals sharing a rank and the infeasible last', () => {
    const { truth, rank, best, worst } = standingOf(tableOf([1, 3], [], [2], [5], [-1, -1]));
    expect([...truth]).toEqual([2, Number.NEGATIVE_INFINITY, 2, 5, -1]);
    expect([...rank]).toEqual([1, 4, 1, 0, 3]);
    expect([best, worst]).toEqual([5, -1]);
  });

  it('refuses a table with nothing feasible', () => {
    expect(() => standingOf(tableOf([], []))).toThrow(RangeError);
  });
});

describe('playing out', () => {
  it('tells every value of what was asked for, and stops at the budget whatever the batch', () => {
    const outcomes = tableOf([1, 2], [], [3], [4], [5]);
    const told: Outcome[] = [];
    expect(playOut(inOrder(5, told), outcomes, { budget: 4, batch: 3 })).toEqual({
      order: [0, 1, 2, 3],
      reasons: { initial: 1, random: 3 },
    });
    expect(told).toEqual(outcomes.slice(0, 4));
  });

  it('ends early where the search has finished', () => {
    const { order } = playOut(inOrder(2), tableOf([1], [2], [3]), { budget: 3, batch: 1 });
    expect(order).toEqual([0, 1]);
  });

  it('refuses a search that waits for nothing', () => {
    const idle: Search = { propose: () => [], tell: () => undefined, finished: false };
    expect(() => playOut(idle, tableOf([1]), { budget: 1, batch: 1 })).toThrow(RangeError);
  });
});

describe('improvements', () => {
  const standing = standingOf(tableOf([1], [], [4], [2], [9]));

  it('are what was better than all before, an infeasible beginning counting as the worst', () => {
    const improvements = improvementsOf([1, 3, 0, 2], standing);
    expect(improvements).toEqual([
      { evaluation: 1, candidate: 1, regret: 8, rank: 4 },
      { evaluation: 2, candidate: 3, regret: 7, rank: 2 },
      { evaluation: 4, candidate: 2, regret: 5, rank: 1 },
    ]);
    expect([...regretCurve(improvements, 6)]).toEqual([8, 7, 7, 5, 5, 5]);
    expect(evaluationsUntil(2, improvements)).toBe(4);
    expect(evaluationsUntil(1, improvements)).toBe(Number.POSITIVE_INFINITY);
  });

  it('fall to nothing for whoever evaluates all, in any order', () => {
    const numbers = fc.array(fc.integer({ min: -5, max: 5 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(numbers, (values) => {
        const all = standingOf(tableOf(...values.map((value) => [value])));
        const improvements = improvementsOf([...values.keys()], all);
        expect(improvements.at(-1)).toMatchObject({ regret: 0, rank: 0 });
        const curve = [...regretCurve(improvements, values.length)];
        const best = (i: number): number => Math.max(...values.slice(0, i + 1));
        expect(curve).toEqual(values.map((_, i) => all.best - best(i)));
      }),
    );
  });
});
