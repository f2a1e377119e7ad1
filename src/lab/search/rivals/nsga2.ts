// NSGA-II: generations of candidates; parents are ranked by dominance, then by their distance to others.
import { z } from 'zod';
import type { Random } from '../../../engine/random.ts';
import type { Candidates, Proposal, SearchMethod } from '../contract.ts';
import { bestFirst } from '../front.ts';
import { type Ledger, oneByOne, type Policy, type Told } from './one-by-one.ts';

const options = z.strictObject({
  population: z
    .int()
    .min(2)
    .default(20)
    .describe('Candidates of a generation, and survivors of a generation')
    .meta({ unit: 'candidates' }),
  mutation: z
    .number()
    .min(0)
    .max(1)
    .default(0.6)
    .describe('Children that are moved one step after the crossover')
    .meta({ unit: 'share' }),
});

type Nsga2Options = z.infer<typeof options>;

/** Pairs of parents that are tried before a neighbour of one parent is taken instead. */
const MOST_PAIRS = 10;

/**
 * Deb et al. 2002, "A fast and elitist multiobjective genetic algorithm: NSGA-II". Searches for a front if outcomes have
 * objectives, else for the highest value. Departs from it: choices are not real numbers, so they are crossed place by place
 * and mutated to a neighbour; no candidate is evaluated twice; infeasible candidates have no children.
 */
export const nsga2: SearchMethod<Nsga2Options> = {
  kind: 'nsga2',
  summary: 'a genetic algorithm for several objectives',
  options,
  seeksFront: true,
  start: oneByOne(breed),
};

function breed(
  candidates: Candidates,
  { population, mutation }: Nsga2Options,
  ledger: Ledger,
  random: Random,
): Policy {
  let parents: readonly Told[] = [];
  /** Feasible children of this generation. */
  let children: Told[] = [];
  let born = 0;

  function parent(): number {
    const [one, other] = [0, 0].map(() => random.integer(parents.length)) as [number, number];
    // Parents are sorted, best first.
    return (parents[Math.min(one, other)] as Told).candidate;
  }

  function freshNeighbour(candidate: number): number | undefined {
    const fresh = candidates.neighbours(candidate).filter((one) => ledger.isFresh(one));
    return fresh.length > 0 ? fresh[random.integer(fresh.length)] : undefined;
  }

  function child(): number | undefined {
    for (let pair = 0; pair < MOST_PAIRS; pair++) {
      const found = crossed(candidates, parent(), parent(), random);
      if (found === undefined) continue;
      const mutate = random.uniform() < mutation || !ledger.isFresh(found);
      const candidate = mutate ? freshNeighbour(found) : found;
      if (candidate !== undefined) return candidate;
    }
    return freshNeighbour(parent());
  }

  function next(): Proposal {
    const first = parents.length === 0;
    const candidate = first ? undefined : child();
    if (candidate !== undefined) return { candidate, reason: 'offspring' };
    return { candidate: ledger.drawFresh(random), reason: first ? 'initial' : 'random' };
  }

  return {
    next() {
      if (born === population) {
        if (ledger.pending.size > 0) return undefined;
        parents = fittest([...parents, ...children], population);
        [born, children] = [0, []];
      }
      born++;
      return next();
    },
    learn(told) {
      if (told.value !== undefined) children.push(told);
    },
  };
}

/** With objectives, or with a value of which more is better. */
type Compared = Partial<Pick<Told, 'objectives' | 'value'>>;

/**
 * The best `count` of feasible outcomes, best first: by front, then by crowding distance in the front, greatest first.
 * Without objectives, 1 - value is the only one. Throws RangeError if outcomes differ in their number of objectives.
 */
export function fittest<One extends Compared>(some: readonly One[], count: number): readonly One[] {
  const objectives = some.map(({ value, objectives }) => objectives ?? [1 - (value as number)]);
  const [first] = objectives;
  if (objectives.some(({ length }) => length !== first?.length)) {
    throw new RangeError('outcomes differ in their number of objectives');
  }
  return bestFirst(objectives)
    .slice(0, count)
    .map((i) => some[i] as One);
}

/** The candidate that takes each choice from one or the other parent; undefined if there is no such candidate. */
export function crossed(
  { choices: { sizes, values }, find }: Candidates,
  one: number,
  other: number,
  random: Random,
): number | undefined {
  const places = sizes.length;
  return find(
    Array.from({ length: places }, (_, place) => {
      const parent = random.uniform() < 0.5 ? one : other;
      return values[parent * places + place] as number;
    }),
  );
}
