// MOBOpt: Gaussian processes of the objectives, NSGA-II on their means, and of its front the point farthest from what is known.
import { z } from 'zod';
import type { Random } from '../../../engine/random.ts';
import { squaredDistances } from '../../../engine/regression/matern.ts';
import { countOf, type Points, rowOf } from '../../../engine/regression/regressor.ts';
import { mean, standardDeviation } from '../../../engine/statistics.ts';
import type { Evaluated, Measured, Point, PointMethod } from './contract.ts';
import type { PointHistory } from './history.ts';
import { nsga2Points } from './nsga2-points.ts';
import {
  drawnFresh,
  initialOption,
  initialThen,
  type PointPolicy,
  pointByPoint,
} from './one-by-one.ts';
import { outputProcesses } from './process-models.ts';
import { rangesOf } from './scalar.ts';

const share = z.number().min(0).max(1);

const options = z.strictObject({
  initial: initialOption,
  spread: share
    .default(0.5)
    .describe('Weight of the distance to known objectives; that to known variables has the rest')
    .meta({ unit: 'share' }),
  redrawn: share
    .default(0.1)
    .describe('Share of the steps in which one variable is drawn anew')
    .meta({ unit: 'share' }),
  population: z
    .int()
    .min(4)
    .max(10_000)
    .default(40)
    .describe('Points of a generation on the means')
    .meta({ unit: 'points' }),
  generations: z
    .int()
    .min(1)
    .max(10_000)
    .default(20)
    .describe('Generations on the means')
    .meta({ unit: 'generations' }),
});

type Options = z.infer<typeof options>;

/**
 * Galuzio et al. 2020, "MOBOpt - multi-objective Bayesian optimization", as its text has it: its code mirrors the variables before
 * it measures their distance, and never draws the last one anew. Departs from it: kernels are Matern 5/2 instead of 3/2, and
 * constraints are further processes, whose means NSGA-II keeps; the paper has none.
 */
export const mobopt: PointMethod<Options> = {
  kind: 'mobopt',
  summary: 'NSGA-II on the means of Gaussian processes, and the point farthest from what is known',
  options,
  start: pointByPoint(explore),
};

function explore(history: PointHistory, options: Options, random: Random): PointPolicy {
  const { space } = history;
  const meansOf = modelsOf(history);

  function chosen(): Point | undefined {
    const front = frontOf(meansOf(), history, options, random);
    const point = front[farthest(front, history, options.spread)]?.point;
    if (!point || random.uniform() >= options.redrawn) return point;
    const place = random.integer(point.length);
    const unit = space.toUnit(point);
    unit[place] = random.uniform();
    return space.fromUnit(unit);
  }

  return initialThen(history, options.initial, () => {
    const point = chosen();
    if (point && history.isFresh(point)) return { point, reason: 'acquisition' };
    return drawnFresh(history, 'random');
  });
}

type Means = (points: Points) => readonly Measured[];

/** Fitted anew on all outcomes with each call. */
function modelsOf(history: PointHistory): () => Means {
  const fitOutput = outputProcesses(history);
  return () => {
    const { evaluated, objectives } = history;
    const rows = evaluated.map((one) => [...one.objectives, ...one.constraints]);
    const models = (rows[0] ?? []).map((_, j) =>
      fitOutput(
        `output ${j}`,
        rows.map((row) => row[j] as number),
      ),
    );
    return (points) => {
      const found = models.map((model) => model.meanAt(points));
      return Array.from({ length: countOf(points) }, (_, row) => {
        const outputs = found.map((values) => values[row] as number);
        return { objectives: outputs.slice(0, objectives), constraints: outputs.slice(objectives) };
      });
    };
  };
}

/** Fresh points of the front of the means. */
function frontOf(
  meansAt: Means,
  history: PointHistory,
  { population, generations }: Options,
  random: Random,
): readonly Evaluated[] {
  const { space } = history;
  const inner = nsga2Points.start(
    history.problem,
    nsga2Points.options.parse({ population }),
    random.integer(2 ** 32),
  );
  for (let generation = 0; generation < generations; generation++) {
    const points = inner.propose(population).map(({ point }) => point);
    const means = meansAt(space.coordinatesOf(points));
    for (const [i, point] of points.entries()) inner.tell({ point, runs: [means[i] as Measured] });
  }
  return inner.archive.filter(({ point }) => history.isFresh(point));
}

/** Place of the greatest weighted sum of standardised distances; 0 of an empty front. */
function farthest(front: readonly Evaluated[], history: PointHistory, weight: number): number {
  const { space, evaluated, archive } = history;
  if (front.length === 0) return 0;
  const { range } = rangesOf(evaluated, archive);
  const objectivesOf = (some: readonly Evaluated[]): Points => ({
    values: Float64Array.from(
      some.flatMap((one) => one.objectives.map((value, j) => value / (range[j] as number))),
    ),
    width: range.length,
  });
  const variablesOf = (some: readonly Evaluated[]) =>
    space.coordinatesOf(some.map(({ point }) => point));
  const [byObjectives, byVariables] = [objectivesOf, variablesOf].map((of) =>
    standardised(distancesTo(of(evaluated), of(front))),
  ) as [Float64Array, Float64Array];
  const merits = byObjectives.map(
    (one, i) => weight * one + (1 - weight) * (byVariables[i] as number),
  );
  return merits.indexOf(Math.max(...merits));
}

/** Of each point to the nearest known one. */
function distancesTo(known: Points, points: Points): Float64Array {
  const squares = { values: squaredDistances(points, known), width: countOf(known) };
  return Float64Array.from({ length: countOf(points) }, (_, row) =>
    Math.sqrt(Math.min(...rowOf(squares, row))),
  );
}

function standardised(values: Float64Array): Float64Array {
  const [centre, unit] = [mean(values), standardDeviation(values) || 1];
  return values.map((value) => (value - centre) / unit);
}
