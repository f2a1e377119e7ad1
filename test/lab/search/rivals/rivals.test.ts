// What each method does that the others do not; what all have in common is in the contract suite.
import { describe, expect, it } from 'vitest';
import type { Search, SearchMethod } from '../../../../src/lab/search/contract.ts';
import { paretoFront } from '../../../../src/lab/search/front.ts';
import { rivals } from '../../../../src/lab/search/rivals/index.ts';
import { gridCandidates, smoothOutcome, smoothValue } from '../toy.ts';

const toy = gridCandidates([6, 6, 6]);

function start(kind: string, options: object = {}): Search {
  const method = rivals.get(kind) as SearchMethod;
  return method.start(toy, method.options.parse(options), 1);
}

function evaluate(search: Search): number {
  const candidate = search.propose(1)[0]?.candidate as number;
  search.tell({ candidate, values: [smoothValue(toy, candidate)] });
  return candidate;
}

describe('local-search', () => {
  it('goes on from each better neighbour at once', () => {
    const search = start('local-search', { initial: 2 });
    const first = [evaluate(search), evaluate(search)];
    let top = first.reduce((a, b) => (smoothValue(toy, b) > smoothValue(toy, a) ? b : a));
    for (let step = 0; step < 6; step++) {
      const candidate = evaluate(search);
      expect(toy.neighbours(top)).toContain(candidate);
      if (smoothValue(toy, candidate) > smoothValue(toy, top)) top = candidate;
    }
  });

  it('waits for its neighbours before it gives a hill up', () => {
    const search = start('local-search', { initial: 2 });
    const [one, other] = [evaluate(search), evaluate(search)] as const;
    const around = search.propose(99);
    const top = smoothValue(toy, one) > smoothValue(toy, other) ? one : other;
    expect(around.length).toBeLessThanOrEqual(toy.neighbours(top).length);
    expect(search.propose(1)).toEqual([]);
    for (const { candidate } of around) search.tell({ candidate, values: [] });
    expect(search.propose(1)).toMatchObject([{ reason: 'initial' }]);
  });
});

describe('evolution', () => {
  it('lets the oldest die, so that with a population of one each child has the next', () => {
    const search = start('evolution', { initial: 2, population: 1 });
    let parent = [evaluate(search), evaluate(search)][1] as number;
    for (let child = 0; child < 8; child++) {
      const candidate = evaluate(search);
      expect(toy.neighbours(parent)).toContain(candidate);
      parent = candidate;
    }
  });
});

describe('nsga2', () => {
  it('waits for a generation, and finds more of a front than chance does', () => {
    const front = new Set(
      paretoFront(
        Array.from({ length: toy.count }, (_, i) => smoothOutcome(toy, i).objectives ?? []),
      ),
    );
    const foundBy = (search: Search) => {
      let found = 0;
      for (let asked = 0; asked < 80; ) {
        const proposals = search.propose(20);
        asked += proposals.length;
        expect(proposals.length).toBe(20);
        found += proposals.filter(({ candidate }) => front.has(candidate)).length;
        for (const { candidate } of proposals) search.tell(smoothOutcome(toy, candidate));
      }
      return found;
    };
    expect(foundBy(start('nsga2'))).toBeGreaterThan(1.5 * foundBy(start('random')));
    const search = start('nsga2');
    expect(search.propose(25).length).toBe(20);
    expect(search.propose(1)).toEqual([]);
  });
});

describe.each(['gaussian-process', 'random-forest', 'tpe'])('%s', (kind) => {
  it('asks for spread-out candidates when several are outstanding', () => {
    const search = start(kind);
    for (let i = 0; i < 15; i++) evaluate(search);
    const batch = search.propose(6).map(({ candidate }) => candidate);
    expect(new Set(batch).size).toBe(6);
    const next = batch.slice(1).filter((one) => !toy.neighbours(batch[0] as number).includes(one));
    expect(next.length).toBeGreaterThan(0);
  });

  it('depends on what it is told', () => {
    const [learning, misled] = [start(kind), start(kind)];
    const asked = (search: Search, sign: number) =>
      Array.from({ length: 16 }, () => {
        const candidate = search.propose(1)[0]?.candidate as number;
        search.tell({ candidate, values: [sign * smoothValue(toy, candidate)] });
        return candidate;
      });
    const [right, wrong] = [asked(learning, 1), asked(misled, -1)];
    expect(right.slice(0, 10)).toEqual(wrong.slice(0, 10));
    const worth = (some: readonly number[]) =>
      some.slice(10).reduce((sum, one) => sum + smoothValue(toy, one), 0);
    expect(worth(right)).toBeGreaterThan(worth(wrong));
  });
});
