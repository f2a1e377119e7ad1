// MOEA/D for numbers and choices: a point for each of many vectors of weights, which shares its children with its neighbours.
import { z } from 'zod';
import type { Random } from '../../../engine/random.ts';
import type { Evaluated, PointMethod, PointProposal } from './contract.ts';
import { evaluatedFrom, type PointHistory } from './history.ts';
import { type PointPolicy, pointByPoint } from './one-by-one.ts';
import { rangesOf } from './scalar.ts';
import { keyOf } from './space.ts';
import { cross, mutated, variationOptions } from './variation.ts';

const options = z.strictObject({
  population: z
    .int()
    .min(3)
    .max(10_000)
    .default(20)
    .describe('Vectors of weights, at most; with three objectives as many as an even grid has')
    .meta({ unit: 'vectors' }),
  neighbours: z
    .int()
    .min(2)
    .default(5)
    .describe('Nearest vectors whose points are parents and may be replaced')
    .meta({ unit: 'vectors' }),
  ...variationOptions,
});

type Options = z.infer<typeof options>;

/** Children that are tried before a point is drawn instead. */
const TRIES = 50;

/**
 * Zhang and Li 2007, "MOEA/D: a multiobjective evolutionary algorithm based on decomposition", with Tchebycheff's value on the
 * range of what is known, and the variation of NSGA-II. Departs from it: the first points are a Sobol sequence, no point is
 * evaluated twice, and of two points the one that breaks constraints less is better (Deb 2000).
 */
export const moead: PointMethod<Options> = {
  kind: 'moead',
  summary: 'an evolutionary algorithm by decomposition into weighted values',
  options,
  start: pointByPoint(evolve),
};

function evolve(history: PointHistory, options: Options, random: Random): PointPolicy {
  const { space, objectives } = history;
  const weights = gridOf(objectives, options.population);
  const near = weights.map((own) => nearestTo(own, weights, options.neighbours));
  const points: (Evaluated | undefined)[] = weights.map(() => undefined);
  /** The vector of weights for which each pending point was made. */
  const madeFor = new Map<string, number>();
  let turn = 0;

  function child(place: number): readonly number[] | undefined {
    const parents = (near[place] as readonly number[]).flatMap((i) => points[i] ?? []);
    if (parents.length === 0) return undefined;
    const parent = () => space.toUnit((parents[random.integer(parents.length)] as Evaluated).point);
    for (let attempt = 0; attempt < TRIES; attempt++) {
      const crossed = cross(parent(), parent(), space.variables, options, random);
      const point = space.fromUnit(mutated(crossed, space.variables, options, random));
      if (history.isFresh(point)) return point;
    }
    return undefined;
  }

  return {
    next() {
      const place = turn % weights.length;
      const first = turn < weights.length;
      const bred = first ? undefined : child(place);
      const point = bred ?? history.drawFresh();
      if (!point) return undefined;
      turn++;
      madeFor.set(keyOf(point), place);
      const drawn: PointProposal['reason'] = first ? 'initial' : 'random';
      return { point, reason: bred ? 'offspring' : drawn };
    },
    learn({ point, runs }) {
      const place = madeFor.get(keyOf(point));
      madeFor.delete(keyOf(point));
      if (place === undefined || runs.length === 0) return;
      const made = evaluatedFrom(point, runs);
      const value = tchebycheffOn(history.evaluated);
      for (const i of near[place] as readonly number[]) {
        const now = points[i];
        const own = weights[i] as readonly number[];
        if (!now || isBetter(made, now, (one) => value(one, own))) points[i] = made;
      }
    },
  };
}

/** Feasible before infeasible, then by violation or by value. */
function isBetter(one: Evaluated, other: Evaluated, value: (of: Evaluated) => number): boolean {
  const [broken, otherBroken] = [one, other].map(({ constraints }) =>
    constraints.reduce((sum, g) => sum + Math.max(0, g), 0),
  ) as [number, number];
  if (broken > 0 || otherBroken > 0) return broken < otherBroken;
  return value(one) < value(other);
}

/** Weight of an objective at least, so that no direction ignores one: Zhang and Li's own code. */
const LEAST_WEIGHT = 1e-4;

function tchebycheffOn(known: readonly Evaluated[]) {
  const { least, range } = rangesOf(known, []);
  return ({ objectives }: Evaluated, weights: readonly number[]): number =>
    Math.max(
      ...least.map(
        (low, j) =>
          (Math.max(weights[j] as number, LEAST_WEIGHT) * ((objectives[j] as number) - low)) /
          (range[j] as number),
      ),
    );
}

/** Weights in whole steps that sum to 1: the finest grid of at most `most` vectors; with one objective equal ones. */
export function gridOf(objectives: number, most: number): readonly (readonly number[])[] {
  if (objectives === 1) return Array.from({ length: most }, () => [1]);
  let grid = stepsOf(objectives, 1);
  for (let steps = 2; ; steps++) {
    const finer = stepsOf(objectives, steps);
    if (finer.length > most) return grid;
    grid = finer;
  }
}

function stepsOf(objectives: number, steps: number): readonly (readonly number[])[] {
  const sums = (places: number, left: number): readonly (readonly number[])[] =>
    places === 1
      ? [[left]]
      : Array.from({ length: left + 1 }, (_, first) =>
          sums(places - 1, left - first).map((rest) => [first, ...rest]),
        ).flat();
  return sums(objectives, steps).map((parts) => parts.map((part) => part / steps));
}

/** Numbers of the `count` nearest vectors, itself first. */
function nearestTo(
  own: readonly number[],
  all: readonly (readonly number[])[],
  count: number,
): readonly number[] {
  const distances = all.map((other) =>
    other.reduce((sum, value, j) => sum + (value - (own[j] as number)) ** 2, 0),
  );
  return [...all.keys()]
    .sort((a, b) => (distances[a] as number) - (distances[b] as number))
    .slice(0, count);
}
