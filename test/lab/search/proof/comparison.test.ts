import { describe, expect, it } from 'vitest';
import {
  marksOf,
  type SearchRun,
  summarise,
  versusEach,
} from '../../../../src/lab/search/proof/comparison.ts';
import { improvementsOf, standingOf } from '../../../../src/lab/search/proof/progress.ts';

const BUDGET = 4;
const EAGER = [3, 4, 0, 1];
const standing = standingOf(
  [0, 1, 2, 3, 4].map((value) => ({ candidate: value, values: [value] })),
);

function runOf(method: string, seed: number, order: readonly number[]): SearchRun {
  return { method, seed, improvements: improvementsOf(order, standing), batch: 1, searchS: seed };
}

const eager = [1, 2, 3, 4, 5, 6].map((seed) => runOf('eager', seed, EAGER));
const slow = [1, 2, 3, 4, 5, 6].map((seed) => runOf('slow', seed, [0, 1, 2, 3]));

describe('marks', () => {
  it('are half of the budget and all of it, and tops of one candidate at least', () => {
    expect(marksOf(812, 162)).toEqual({ budget: 162, after: [81, 162], tops: [8, 4] });
    expect(marksOf(9, 1)).toEqual({ budget: 1, after: [1, 1], tops: [1, 1] });
  });
});

describe('summary of a method', () => {
  const marks = { budget: BUDGET, after: [1, 4], tops: [1, 2] };

  it('tells regret at the marks, how soon each top was reached and the curve', () => {
    const summary = summarise(eager, marks);
    expect(summary).toMatchObject({ method: 'eager', runs: 6, searchS: 3.5 });
    expect(summary.regret.map(({ median }) => median)).toEqual([1, 0]);
    expect(summary.area).toEqual({ median: 0.25, low: 0.25, high: 0.25 });
    expect(
      summary.reached.map(({ top, runs, evaluations }) => [top, runs, evaluations.median]),
    ).toEqual([
      [1, 6, 2],
      [2, 6, 1],
    ]);
    expect(Array.from(summary.curve.values)).toEqual([1, 0, 0, 0]);
  });

  it('counts a top that was never reached as one more than the budget', () => {
    const [optimum] = summarise(slow, marks).reached;
    expect(optimum).toEqual({ top: 1, runs: 0, evaluations: { median: 5, low: 5, high: 5 } });
  });
});

describe('ours against each rival', () => {
  it('pairs by seed and corrects for the number of rivals', () => {
    const same = eager.map(({ seed }) => runOf('same', seed, EAGER));
    expect(versusEach('eager', [...slow, ...eager, ...same], BUDGET)).toEqual([
      { rival: 'slow', ahead: 6, behind: 0, p: 2 / 64, adjusted: 4 / 64 },
      { rival: 'same', ahead: 0, behind: 0, p: 1, adjusted: 1 },
    ]);
  });

  it('leaves out whoever has no seed in common', () => {
    const others = slow.map(({ seed }) => runOf('others', seed + 100, EAGER));
    expect(versusEach('eager', [...eager, ...others], BUDGET)).toEqual([]);
  });
});
