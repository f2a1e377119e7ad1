import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../../src/engine/random.ts';
import { rowOf } from '../../../../src/engine/regression/regressor.ts';
import { mean } from '../../../../src/engine/statistics.ts';
import { boshnas } from '../../../../src/lab/search/boshnas/boshnas.ts';
import type { Proposal } from '../../../../src/lab/search/contract.ts';
import { gridCandidates, smoothValue } from '../toy.ts';

const toy = gridCandidates([6, 6, 8]);
const values = Array.from({ length: toy.count }, (_, candidate) => smoothValue(toy, candidate));

interface Run {
  readonly options?: Record<string, unknown>;
  readonly budget: number;
  readonly batch?: number;
  readonly table?: readonly number[];
  readonly seed?: number;
}

function run({ options = {}, budget, batch = 4, table = values, seed = 1 }: Run) {
  const search = boshnas.start(toy, boshnas.options.parse(options), seed);
  const asked: Proposal[] = [];
  while (asked.length < budget && !search.finished) {
    const proposals = search.propose(batch);
    asked.push(...proposals);
    for (const { candidate } of proposals) {
      search.tell({ candidate, values: [table[candidate] as number] });
    }
  }
  return { asked, search };
}

/** Mean share of the table that is worse than what the acquisition asked for: a half where it knows nothing. */
function aim(asked: readonly Proposal[], table: readonly number[]): number {
  const shares = asked
    .filter(({ reason }) => reason === 'acquisition')
    .map(({ candidate }) => {
      const value = table[candidate] as number;
      return table.filter((other) => other < value).length / table.length;
    });
  return mean(shares);
}

describe('boshnas', () => {
  const options = { uncertaintyShare: 0.15, diversityShare: 0.15 };
  const { asked } = run({ budget: 36, options });

  it('finds the best of a smooth table within an eighth of it, in most searches', () => {
    const best = Math.max(...values);
    const others = [2, 3, 4, 5].map((seed) => run({ budget: 36, options, seed }).asked);
    const found = [asked, ...others].filter((proposals) =>
      proposals.some(({ candidate }) => values[candidate] === best),
    );
    expect(found.length).toBeGreaterThan(3);
  });

  it('begins with candidates that lie apart, if it may draw often', () => {
    const common = (draws: number) => {
      const starts = [1, 2, 3, 4, 5, 6].flatMap((seed) => {
        const first = run({ budget: 4, options: { draws }, seed }).asked;
        const choices = first.map(({ candidate }) => rowOf(toy.coordinates, candidate));
        return choices.flatMap((one, i) =>
          choices.slice(0, i).map((other) => one.filter((x, place) => x === other[place]).length),
        );
      });
      return mean(starts);
    };
    expect(common(32)).toBeLessThan(common(1) / 2);
  });

  it('owes that to its surrogate: outcomes of other candidates teach it nothing', () => {
    const shuffled = [...values];
    createRandom(5).shuffle(shuffled);
    const misled = run({ budget: 36, table: shuffled, options }).asked;
    expect(aim(asked, values)).toBeGreaterThan(0.75);
    expect(aim(misled, shuffled)).toBeLessThan(0.65);
  });

  it('proposes by every reason, and nothing twice', () => {
    expect(new Set(asked.map(({ candidate }) => candidate)).size).toBe(asked.length);
    expect(new Set(asked.map(({ reason }) => reason))).toEqual(
      new Set(['initial', 'acquisition', 'uncertainty', 'diversity']),
    );
  });

  it('proposes the same again when it is told the same', () => {
    expect(run({ budget: 12, options }).asked).toEqual(asked.slice(0, 12));
  });

  it('asks by ranks: values on another scale lead to the same candidates', () => {
    const stretched = values.map((value) => Math.exp(9 * value));
    expect(run({ budget: 16, options, table: stretched }).asked).toEqual(asked.slice(0, 16));
  });

  it('takes a neighbour of one of the best while there are enough, unless it may go anywhere', () => {
    const strays = (region: number | null, nearest: number, enough = nearest) => {
      const { asked: steps } = run({
        ...{ budget: 11, batch: 1 },
        options: { region, nearest, uncertaintyShare: 0.3 },
      });
      return steps.filter(({ candidate, reason }, i) => {
        const before = steps.slice(0, i).map((step) => step.candidate);
        const near = before
          .toSorted((a, b) => (values[b] as number) - (values[a] as number))
          .slice(0, 2)
          .flatMap((one) => toy.neighbours(one))
          .filter((one) => !before.includes(one));
        const isAimed = reason === 'acquisition' || reason === 'uncertainty';
        return isAimed && near.length >= enough && !near.includes(candidate);
      });
    };
    expect(strays(2, 1)).toEqual([]);
    expect(strays(2, 3)).toEqual([]);
    expect(strays(2, 60, 1).length).toBeGreaterThan(0);
    expect(strays(null, 1).length).toBeGreaterThan(0);
  });

  it('repeats the best when nothing gets better, and then ends', () => {
    const { asked, search } = run({ budget: 200, options: { patience: 2, initial: 3 }, batch: 1 });
    expect(search.finished).toBe(true);
    const repeated = asked.filter(({ reason }) => reason === 'repetition');
    expect(repeated.length).toBeGreaterThan(0);
    const fresh = asked.filter(({ reason }) => reason !== 'repetition');
    const best = fresh
      .map(({ candidate }) => candidate)
      .sort((a, b) => (values[b] as number) - (values[a] as number));
    for (const { candidate } of repeated) expect(best.slice(0, 5)).toContain(candidate);
  });

  it('waits for outcomes, and goes on past infeasible candidates', () => {
    const search = boshnas.start(toy, boshnas.options.parse({ initial: 2 }), 1);
    const first = search.propose(5);
    expect(first).toHaveLength(2);
    expect(search.propose(1)).toEqual([]);
    for (const { candidate } of first) search.tell({ candidate, values: [] });
    const [next] = search.propose(1);
    expect(next?.reason).toBe('initial');
    expect(first.map(({ candidate }) => candidate)).not.toContain(next?.candidate);
  });

  it('refuses an outcome that was not asked for', () => {
    const search = boshnas.start(toy, boshnas.options.parse({}), 1);
    expect(() => search.tell({ candidate: 3, values: [1] })).toThrow(RangeError);
  });
});
