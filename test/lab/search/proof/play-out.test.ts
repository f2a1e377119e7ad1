import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Outcome, Search } from '../../../../src/lab/search/contract.ts';
import { playOut } from '../../../../src/lab/search/proof/play-out.ts';
import {
  areaUnderRegret,
  evaluationsUntil,
  progressOf,
} from '../../../../src/lab/search/proof/progress.ts';
import { standingOf, topOf } from '../../../../src/lab/search/proof/standing.ts';

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

  it('takes at least one candidate for a top', () => {
    const standing = standingOf(tableOf(...Array.from({ length: 812 }, (_, i) => [i])));
    expect(topOf(standing, 0.01)).toBe(8);
    expect(topOf(standing, 1e-6)).toBe(1);
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

describe('progress', () => {
  const standing = standingOf(tableOf([1], [], [4], [2], [9]));

  it('is the distance of the best so far, and keeps it after the end', () => {
    const progress = progressOf([1, 3, 0, 2], standing, 6);
    expect([...progress.regret]).toEqual([8, 7, 7, 5, 5, 5]);
    expect([...progress.rank]).toEqual([5, 2, 2, 1, 1, 1]);
    expect(areaUnderRegret(progress)).toBeCloseTo(37 / 6);
    expect(evaluationsUntil(2, progress)).toBe(4);
    expect(evaluationsUntil(1, progress)).toBe(Number.POSITIVE_INFINITY);
  });

  it('falls to nothing for whoever evaluates all, in any order', () => {
    const numbers = fc.array(fc.integer({ min: -5, max: 5 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(numbers, (values) => {
        const all = standingOf(tableOf(...values.map((value) => [value])));
        const { regret, rank } = progressOf([...values.keys()], all, values.length);
        expect([regret.at(-1), rank.at(-1)]).toEqual([0, 0]);
        expect([...regret]).toEqual([...regret].sort((a, b) => b - a));
        expect([...rank]).toEqual([...rank].sort((a, b) => b - a));
      }),
    );
  });
});
