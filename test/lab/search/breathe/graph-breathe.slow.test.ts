import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../../src/engine/random.ts';
import { rowOf } from '../../../../src/engine/regression/regressor.ts';
import { mean } from '../../../../src/engine/statistics.ts';
import { graphBreathe } from '../../../../src/lab/search/breathe/graph-breathe.ts';
import type { Candidates, Outcome, Proposal } from '../../../../src/lab/search/contract.ts';
import { nonDominatedSort } from '../../../../src/lab/search/front.ts';
import { pairsOf } from '../../../../src/lab/search/pairs.ts';
import { gridCandidates, smoothValue } from '../toy.ts';

const toy = gridCandidates([6, 6, 8]);

/** Two that are at odds. */
const objectives = Array.from({ length: toy.count }, (_, candidate) => {
  const [a = 0, , c = 0] = rowOf(toy.coordinates, candidate);
  return [1 - smoothValue(toy, candidate), 0.6 * a + 0.4 * (1 - c)];
});

const outcomes = (table: readonly (readonly number[])[]): readonly Outcome[] =>
  table.map((row, candidate) => ({ candidate, values: [1 - (row[0] as number)], objectives: row }));

function run(
  candidates: Candidates,
  table: readonly Outcome[],
  { budget = 30, seed = 1, options = {} },
): readonly Proposal[] {
  const search = graphBreathe.start(candidates, graphBreathe.options.parse(options), seed);
  const asked: Proposal[] = [];
  while (asked.length < budget && !search.finished) {
    const proposals = search.propose(2);
    asked.push(...proposals);
    for (const { candidate } of proposals) search.tell(table[candidate] as Outcome);
  }
  return asked;
}

/** Mean share of the table in fronts behind those of the proposals: about a half where nothing is learned. */
function aim(asked: readonly Proposal[], table: readonly (readonly number[])[]): number {
  const behind = new Map<number, number>();
  let left = table.length;
  for (const front of nonDominatedSort(table)) {
    left -= front.length;
    for (const one of front) behind.set(one, (left + front.length / 2) / table.length);
  }
  const aimed = asked.filter(({ reason }) => reason === 'acquisition');
  return mean(aimed.map(({ candidate }) => behind.get(candidate) as number));
}

describe('breathe on candidates', () => {
  const cheaper = { epistemicWeight: 0.5, restarts: 4, iterations: 8 };

  it('owes its aim to its surrogates: shuffled outcomes teach nothing', () => {
    const shuffled = [...objectives];
    createRandom(5).shuffle(shuffled);
    const asked = run(toy, outcomes(objectives), { options: cheaper });
    const misled = run(toy, outcomes(shuffled), { options: cheaper });
    expect(aim(asked, objectives)).toBeGreaterThan(0.7);
    expect(aim(misled, shuffled)).toBeLessThan(0.65);
  });

  it('proposes by every reason, and nothing twice', () => {
    const options = { uncertaintyShare: 0.3, diversityShare: 0.3 };
    const mixed = run(toy, outcomes(objectives), {
      budget: 16,
      options: { ...cheaper, ...options },
    });
    expect(new Set(mixed.map(({ candidate }) => candidate)).size).toBe(mixed.length);
    expect(new Set(mixed.map(({ reason }) => reason))).toEqual(
      new Set(['initial', 'acquisition', 'uncertainty', 'diversity']),
    );
  });

  it('finds what keeps a limit sooner if it is told by how much the others break it', () => {
    const limit = (candidate: number) => (objectives[candidate]?.[1] as number) / 0.08 - 1;
    const tableOf = (isTold: boolean) =>
      outcomes(objectives).map(({ candidate, ...one }) => ({
        ...(limit(candidate) > 0 ? { candidate, values: [] } : { candidate, ...one }),
        ...(isTold && { constraints: [limit(candidate)] }),
      }));
    const options = { restarts: 4, iterations: 8 };
    const kept = (isTold: boolean) =>
      mean(
        [1, 2, 3].map((seed) => {
          const steps = run(toy, tableOf(isTold), { budget: 16, seed, options });
          return steps.filter(({ candidate }) => limit(candidate) <= 0).length;
        }),
      );
    expect(kept(true)).toBeGreaterThan(kept(false) + 1);
  });

  it('searches pairs, and repeats points of the front when it no longer changes', () => {
    const pairs = pairsOf(gridCandidates([4, 3]), gridCandidates([3]));
    const table = Array.from({ length: pairs.count }, (_, candidate): Outcome => {
      const [x = 0, y = 0, z = 0] = rowOf(pairs.coordinates, candidate);
      return { candidate, values: [1], objectives: [x + y * z, 1 - x + y] };
    });
    const options = { restarts: 2, iterations: 3, patience: 3, initial: 3 };
    const steps = run(pairs, table, { budget: 200, options });
    const front = new Set(nonDominatedSort(table.map((one) => one.objectives ?? []))[0]);
    const repeated = steps.filter(({ reason }) => reason === 'repetition');
    expect(steps.length).toBeLessThan(pairs.count);
    expect(repeated.length).toBeGreaterThan(0);
    for (const { candidate } of repeated) expect(front.has(candidate)).toBe(true);
  });

  it.each(['hypervolume', 'value'])('chooses well among the ends of its climbs by %s', (choice) => {
    const options = { ...cheaper, choice };
    const steps = run(toy, outcomes(objectives), { budget: 20, options });
    expect(aim(steps, objectives)).toBeGreaterThan(0.6);
  });
});
