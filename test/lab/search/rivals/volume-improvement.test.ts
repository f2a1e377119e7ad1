import { describe, expect, it } from 'vitest';
import type { Candidates, Search, SearchMethod } from '../../../../src/lab/search/contract.ts';
import { hypervolume } from '../../../../src/lab/search/front.ts';
import { rivals } from '../../../../src/lab/search/rivals/index.ts';
import { gridCandidates, smoothOutcome } from '../toy.ts';

const toy = gridCandidates([8, 8]);
const kinds = ['expected-hypervolume', 'graph-gaussian-process'] as const;

function start(kind: string, candidates: Candidates, seed = 2): Search {
  const method = rivals.get(kind) as SearchMethod;
  return method.start(
    candidates,
    method.options.parse(kind === 'random' ? {} : { initial: 5 }),
    seed,
  );
}

const outcomes = Array.from(
  { length: toy.count },
  (_, i) => smoothOutcome(toy, i).objectives ?? [],
);

/** Beyond the front, whose ends are (0.33, 0) and (0.004, 0.71). */
const reference = [0.4, 0.8];

/** Share of the hypervolume of the front after so many evaluations. */
function shareOf(search: Search, budget: number): number {
  const found = Array.from({ length: budget }, () => {
    const candidate = search.propose(1)[0]?.candidate as number;
    search.tell(smoothOutcome(toy, candidate));
    return outcomes[candidate] as readonly number[];
  });
  return hypervolume(found, reference) / hypervolume(outcomes, reference);
}

describe('expected-hypervolume', () => {
  it('finds a front, its ends included, where chance does not', () => {
    for (const seed of [1, 2, 3]) {
      expect(shareOf(start('random', toy, seed), 20)).toBeLessThan(0.95);
      expect(shareOf(start('expected-hypervolume', toy, seed), 20)).toBeCloseTo(1, 9);
    }
  });
});

describe.each(kinds)('%s', (kind) => {
  it('proposes different candidates while outcomes are awaited', () => {
    const search = start(kind, toy);
    for (const { candidate } of search.propose(5)) search.tell(smoothOutcome(toy, candidate));
    const waiting = search.propose(6).map(({ candidate }) => candidate);
    expect(new Set(waiting).size).toBe(6);
  });
});

describe('graph-gaussian-process', () => {
  it('learns from graphs, where choices and coordinates say nothing', () => {
    // Two joined nodes, each with one of eight labels. Choices and coordinates are dealt out without order.
    const dealt = (candidate: number) => (candidate * 29) % toy.count;
    const halves = (candidate: number) =>
      [Math.floor(dealt(candidate) / 8), dealt(candidate) % 8] as const;
    const graphs: Candidates = {
      ...toy,
      graphOf(candidate) {
        const [a, b] = halves(candidate);
        return { labels: [`first ${a}`, `second ${b}`], edges: [[0, 1]] };
      },
    };
    const bestWith = (candidates: Candidates) => {
      const search = start('graph-gaussian-process', candidates);
      const values = Array.from({ length: 22 }, () => {
        const candidate = search.propose(1)[0]?.candidate as number;
        const [a, b] = halves(candidate);
        const value = -Math.abs(a - 5) - Math.abs(b - 2);
        search.tell({ candidate, values: [value] });
        return value;
      });
      return Math.max(...values);
    };
    expect(bestWith(graphs)).toBeCloseTo(0, 9);
    expect(bestWith(toy)).toBeLessThan(0);
  });
});
