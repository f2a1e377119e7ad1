// Bayesian optimisation of several objectives: a Gaussian process for each, and the expected improvement of the hypervolume.
//
// Notation   Y_j normal with mean mu_j and deviation s_j; EI_j(h) = E max(0, h - Y_j)
//            two objectives: front x_1 < ... < x_n with y_1 > ... > y_n; heights h_0 = top, h_k = y_k; x_(n+1) = right
import { z } from 'zod';
import { createRandom, type Random } from '../../../engine/random.ts';
import { hypervolumeImprovement, type Objectives, paretoFront } from '../front.ts';
import { logExpectedImprovement } from '../rivals/expected-improvement.ts';
import type { PointMethod } from './contract.ts';
import type { PointHistory } from './history.ts';
import { type PointPolicy, pointByPoint } from './one-by-one.ts';
import { bestOfPool, feasibilityOf, outputProcesses } from './process-models.ts';
import { FRONT_REFERENCE, rangesOf } from './scalar.ts';

const options = z.strictObject({
  initial: z
    .int()
    .min(3)
    .default(11)
    .describe("Points of Sobol's sequence before there is a model")
    .meta({ unit: 'points' }),
  pool: z
    .int()
    .min(1)
    .default(500)
    .describe('Points that are compared for each choice, and as many beside the archive')
    .meta({ unit: 'points' }),
  draws: z
    .int()
    .min(1)
    .default(32)
    .describe('Fixed draws of the objectives of a point, with more than two objectives')
    .meta({ unit: 'draws' }),
});

type Options = z.infer<typeof options>;

/** Independent of the other objectives. */
export interface Normal {
  readonly mean: number;
  readonly deviation: number;
}

/**
 * Emmerich, Giannakoglou and Naujoks 2006, "Single- and multiobjective evolutionary optimization assisted by Gaussian random field
 * metamodels": expected hypervolume improvement, times the probability of feasibility (Gardner et al. 2014). The reference is that
 * of ours. Matern 5/2 kernels, one length scale each.
 */
export const ehvi: PointMethod<Options> = {
  kind: 'ehvi',
  summary: 'expected improvement of the hypervolume by Gaussian processes',
  options,
  start: pointByPoint(improve),
};

function improve(history: PointHistory, options: Options, random: Random): PointPolicy {
  const fitOutput = outputProcesses(history);
  const draws = normalDraws(options.draws, history.objectives, random.integer(2 ** 32));
  return bestOfPool(history, options, random, (pool) => {
    const { evaluated, archive, space } = history;
    const asked = space.coordinatesOf(pool);
    const chances = feasibilityOf(history, fitOutput, asked);
    if (archive.length === 0) return chances;
    const { least, range } = rangesOf(evaluated, archive);
    const scaled = (objectives: readonly number[]) =>
      objectives.map((value, j) => (value - (least[j] as number)) / (range[j] as number));
    const front = archive.map(({ objectives }) => scaled(objectives));
    const reference = least.map(() => FRONT_REFERENCE);
    const known = evaluated.map(({ objectives }) => scaled(objectives));
    const predicted = least.map((_, j) =>
      fitOutput(
        `objective ${j}`,
        known.map((one) => one[j] as number),
      )(asked),
    );
    const normals = pool.map((_, i) =>
      predicted.map(({ mean, deviation }) => ({
        mean: mean[i] as number,
        deviation: deviation[i] as number,
      })),
    );
    const promising = least.length > 2 ? promisingOf(front, reference, normals) : undefined;
    return chances.map((chance, i) => {
      if (promising && !promising.has(i)) return Number.NEGATIVE_INFINITY;
      const own = normals[i] as readonly Normal[];
      return chance + Math.log(expectedImprovement(front, reference, own, draws));
    });
  });
}

/** With more than two objectives draws are dear: only these many points get them. Our choice. */
const PROMISING = 100;

/** Points of the greatest improvement by the optimistic mean less deviation. */
function promisingOf(
  front: Objectives,
  reference: readonly number[],
  normals: readonly (readonly Normal[])[],
): ReadonlySet<number> {
  const improvements = normals.map((own) => {
    const optimistic = own.map(({ mean, deviation }) => mean - deviation);
    return hypervolumeImprovement(front, optimistic, reference);
  });
  const order = [...normals.keys()].sort(
    (a, b) => (improvements[b] as number) - (improvements[a] as number),
  );
  return new Set(order.slice(0, PROMISING));
}

/** Exact for one and two objectives, else the mean over draws. */
function expectedImprovement(
  front: Objectives,
  reference: readonly number[],
  normals: readonly Normal[],
  draws: Objectives,
): number {
  const [one, two] = normals as readonly [Normal, Normal];
  const [right = 0] = reference;
  if (normals.length === 1) return below(one, Math.min(right, ...front.map(([x = 0]) => x)));
  if (normals.length === 2) return expectedAreaImprovement(front, reference, [one, two]);
  const sum = draws.reduce((total, draw) => {
    const point = normals.map(({ mean, deviation }, j) => mean + deviation * (draw[j] as number));
    return total + hypervolumeImprovement(front, point, reference);
  }, 0);
  return sum / draws.length;
}

/**
 * Exact, O(n log n): the area below the front in strips between its points, each as wide as Y_1 is left of its end and as high as
 * Y_2 is below its height; both are independent. The strips of Yang et al. 2019, "Efficient computation of expected hypervolume
 * improvement using box decomposition algorithms".
 */
export function expectedAreaImprovement(
  front: Objectives,
  [right = 0, top = 0]: readonly number[],
  [one, two]: readonly [Normal, Normal],
): number {
  const inside = front.filter(([x = 0, y = 0]) => x < right && y < top);
  const rising = paretoFront(inside)
    .map((i) => inside[i] as readonly number[])
    .sort(([a = 0], [b = 0]) => a - b);
  let [sum, height, before] = [0, top, 0];
  for (const [x = 0, y = 0] of [...rising, [right, top]]) {
    const end = below(one, x);
    sum += (end - before) * below(two, height);
    [height, before] = [y, end];
  }
  return sum;
}

/** EI(h) */
function below({ mean, deviation }: Normal, height: number): number {
  return Math.exp(logExpectedImprovement(-mean, deviation, -height));
}

function normalDraws(count: number, objectives: number, seed: number): Objectives {
  const random = createRandom(seed);
  return Array.from({ length: count }, () =>
    Array.from({ length: objectives }, () => random.normal()),
  );
}
