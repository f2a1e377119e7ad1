import { describe, expect, it } from 'vitest';
import type { Search } from '../../../../src/lab/search/contract.ts';
import { withWeights } from '../../../../src/lab/search/proof/weighted.ts';
import { rivals } from '../../../../src/lab/search/rivals/index.ts';
import { gridCandidates } from '../toy.ts';

const grid = gridCandidates([6, 6]);
const at = (candidate: number) => [Math.floor(candidate / 6), candidate % 6] as const;

/** The front: those with a sum of 5, for one objective is better where the other is worse; below it nothing is feasible. */
function outcomeOf(candidate: number) {
  const objectives = at(candidate);
  const feasible = objectives[0] + objectives[1] >= 5;
  return feasible ? { candidate, values: [0], objectives } : { candidate, values: [] };
}

function start(kind: string, evaluations: number): Search {
  const method = rivals.get(kind);
  if (!method) throw new Error(`there is no ${kind}`);
  const ranges = [
    [0, 5],
    [0, 5],
  ] as const;
  return withWeights(
    (candidates, seed) => method.start(candidates, method.options.parse({ initial: 2 }), seed),
    { evaluations, ranges },
  )(grid, 3);
}

function run(search: Search): readonly number[] {
  const asked: number[] = [];
  while (!search.finished) {
    const [proposal] = search.propose(1);
    if (!proposal) throw new Error('nothing is outstanding, and nothing is proposed');
    asked.push(proposal.candidate);
    search.tell(outcomeOf(proposal.candidate));
  }
  return asked;
}

describe('weighted searches of one number', () => {
  it('evaluate each candidate once, whatever the weights', () => {
    for (const kind of ['local-search', 'evolution', 'tpe']) {
      const asked = run(start(kind, 5));
      expect(new Set(asked).size).toBe(grid.count);
      expect(asked.length).toBe(grid.count);
    }
  });

  it('repeat with the same seed, and differ with other draws', () => {
    expect(run(start('tpe', 5))).toEqual(run(start('tpe', 5)));
    expect(run(start('tpe', 5))).not.toEqual(run(start('tpe', 12)));
  });

  it('wait for outcomes before weights are drawn again, and refuse others', () => {
    const search = start('local-search', 2);
    const proposals = search.propose(4);
    expect(proposals.length).toBe(2);
    expect(search.propose(1)).toEqual([]);
    expect(() => search.tell({ candidate: 35, values: [1] })).toThrow('35 was not proposed');
    for (const { candidate } of proposals) search.tell(outcomeOf(candidate));
    expect(search.propose(1).length).toBe(1);
  });
});
