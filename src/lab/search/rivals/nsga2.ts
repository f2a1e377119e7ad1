// NSGA-II: children of those that few dominate and that are far from others, generation by generation.
import { z } from 'zod';
import type { Random } from '../../../engine/random.ts';
import type { Candidates, Proposal, SearchMethod } from '../contract.ts';
import { crossed } from './parts/crossover.ts';
import type { Ledger, Told } from './parts/ledger.ts';
import { oneByOne, type Policy } from './parts/one-by-one.ts';
import { fittest } from './parts/ranking.ts';

const options = z.strictObject({
  population: z
    .int()
    .min(2)
    .default(20)
    .describe('Candidates of a generation, and those that survive it')
    .meta({ unit: 'candidates' }),
  mutation: z
    .number()
    .min(0)
    .max(1)
    .default(0.6)
    .describe('Children that go one step away from what was crossed')
    .meta({ unit: 'share' }),
});

type Nsga2Options = z.infer<typeof options>;

/** Pairs of parents that are tried before a neighbour of one of them has to do. */
const MOST_PAIRS = 10;

/**
 * Deb et al. 2002, "A fast and elitist multiobjective genetic algorithm: NSGA-II". Seeks a front where outcomes have
 * objectives, else the highest value. Departs from it: choices are crossed place by place and mutated to a neighbour,
 * for they are no real numbers; nothing is evaluated twice; what is infeasible has no children at all.
 */
export const nsga2: SearchMethod<Nsga2Options> = {
  kind: 'nsga2',
  summary: 'a genetic algorithm that seeks all objectives at once',
  options,
  start: oneByOne(breed),
};

function breed(
  candidates: Candidates,
  { population, mutation }: Nsga2Options,
  ledger: Ledger,
  random: Random,
): Policy {
  let parents: readonly Told[] = [];
  /** Feasible ones of this generation. */
  let children: Told[] = [];
  let born = 0;

  function parent(): number {
    const [one, other] = [0, 0].map(() => random.integer(parents.length)) as [number, number];
    // They are in order of merit.
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
