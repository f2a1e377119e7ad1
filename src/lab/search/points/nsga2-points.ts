// NSGA-II for numbers and choices: generations of points, ranked by feasibility, dominance and distance to others.
import { z } from 'zod';
import type { Random } from '../../../engine/random.ts';
import { bestFirst } from '../front.ts';
import type { Evaluated, Point, PointMethod, PointProposal } from './contract.ts';
import { evaluatedFrom, isFeasible, type PointHistory, violationsOf } from './history.ts';
import { drawnFresh, type PointPolicy, pointByPoint } from './one-by-one.ts';
import { cross, mutated, variationOptions } from './variation.ts';

const options = z.strictObject({
  population: z
    .int()
    .min(4)
    .max(10_000)
    .default(20)
    .describe('Points of a generation, and survivors of a generation')
    .meta({ unit: 'points' }),
  crossover: z
    .number()
    .min(0)
    .max(1)
    .default(0.9)
    .describe('Share of the children that are crossed from two parents')
    .meta({ unit: 'share' }),
  ...variationOptions,
});

type Options = z.infer<typeof options>;

/** Children that are tried before a point is drawn instead. */
const TRIES = 50;

/**
 * Deb et al. 2002, "A fast and elitist multiobjective genetic algorithm: NSGA-II", with constrained domination (section VI);
 * simulated binary crossover (Deb and Agrawal 1995) and polynomial mutation of one variable in d (Deb 2001). Departs from
 * it: the first generation is a Sobol sequence, no point is evaluated twice, failed points have no children, and choices,
 * which have no distance, are exchanged and drawn anew.
 */
export const nsga2Points: PointMethod<Options> = {
  kind: 'nsga2',
  summary: 'a genetic algorithm for several objectives and constraints',
  options,
  start: pointByPoint(breed),
};

function breed(history: PointHistory, options: Options, random: Random): PointPolicy {
  const { population } = options;
  const { space } = history;
  let parents: readonly Evaluated[] = [];
  let children: Evaluated[] = [];
  let born = 0;

  function parent(): Point {
    const [one, other] = [0, 0].map(() => random.integer(parents.length)) as [number, number];
    return (parents[Math.min(one, other)] as Evaluated).point; // best first
  }

  function child(): Point | undefined {
    for (let attempt = 0; attempt < TRIES; attempt++) {
      const [a, b] = [space.toUnit(parent()), space.toUnit(parent())];
      const crossed = random.uniform() < options.crossover;
      const unit = crossed ? cross(a, b, space.variables, options, random) : a;
      const point = space.fromUnit(mutated(unit, space.variables, options, random));
      if (history.isFresh(point)) return point;
    }
    return undefined;
  }

  function grownUp(): void {
    parents = fittest([...parents, ...children], population);
    [born, children] = [0, []];
  }

  function bred(): PointProposal | undefined {
    const point = parents.length > 0 ? child() : undefined;
    return point && { point, reason: 'offspring' };
  }

  return {
    next() {
      if (born === population && history.pending.length > 0) return undefined;
      if (born === population) grownUp();
      const proposal = bred() ?? drawnFresh(history, parents.length > 0 ? 'random' : 'initial');
      if (proposal) born++;
      return proposal;
    },
    learn({ point, runs }) {
      if (runs.length > 0) children.push(evaluatedFrom(point, runs));
    },
  };
}

/**
 * The best `count`, best first: feasible ones by front and then by crowding distance, after them the others by the sum of
 * their violations, each as a share of the greatest.
 */
export function fittest(some: readonly Evaluated[], count: number): readonly Evaluated[] {
  const feasible = some.filter(isFeasible);
  const ranked = bestFirst(feasible.map(({ objectives }) => objectives));
  const others = some.filter((one) => !isFeasible(one));
  const violations = violationsOf(others);
  const order = [...others.keys()].sort(
    (a, b) => (violations[a] as number) - (violations[b] as number),
  );
  return [
    ...ranked.map((i) => feasible[i] as Evaluated),
    ...order.map((i) => others[i] as Evaluated),
  ].slice(0, count);
}
