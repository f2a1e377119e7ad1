// ParEGO with constraints: a Gaussian process of a weighted value, its expected improvement, and the chance to be feasible.
import { z } from 'zod';
import { normalDistribution } from '../../../engine/kernels/plain/normal-distribution.ts';
import type { Random } from '../../../engine/random.ts';
import { GaussianPosterior, type Kernel } from '../../../engine/regression/gaussian-posterior.ts';
import { likeliestKernel } from '../../../engine/regression/gaussian-process.ts';
import { countOf, type Points, rowOf } from '../../../engine/regression/regressor.ts';
import { logExpectedImprovement } from '../rivals/expected-improvement.ts';
import type { Evaluated, Point, PointMethod, PointProposal } from './contract.ts';
import { isFeasible, type PointHistory } from './history.ts';
import { type PointPolicy, pointByPoint } from './one-by-one.ts';
import { flatDirichlet, rangesOf, scalarOf } from './scalar.ts';
import { unitSampler } from './space.ts';

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
});

type Options = z.infer<typeof options>;

/** Points with values before there is a model. */
const LEAST_KNOWN = 3;

/**
 * Knowles 2006, "ParEGO: a hybrid algorithm with on-line landscape approximation for expensive multiobjective optimization
 * problems", with weights from the flat Dirichlet distribution; times the probability of feasibility (Gardner et al. 2014,
 * "Bayesian optimization with inequality constraints"). Matern 5/2 kernels, one length scale each. Departs from Knowles: the
 * best of a pool is taken instead of an evolved point. With one objective it is expected improvement alone.
 */
export const parego: PointMethod<Options> = {
  kind: 'parego',
  summary: 'expected improvement of Gaussian processes under weights drawn anew',
  options,
  start: pointByPoint(improve),
};

function improve(history: PointHistory, options: Options, random: Random): PointPolicy {
  const draw = unitSampler(history.space.variables.length, random);
  const kernels = new Map<number, Kernel>();
  let asked = 0;

  function drawnFresh(reason: PointProposal['reason']): PointProposal | undefined {
    const point = history.drawFresh();
    return point && { point, reason };
  }

  function chosen(): PointProposal | undefined {
    const pool = poolOf(history, options.pool, draw, random);
    if (pool.length === 0) return drawnFresh('random');
    const merits = meritsOf(history, pool, kernels, random);
    const best = merits.indexOf(Math.max(...merits));
    return { point: pool[best] as Point, reason: 'acquisition' };
  }

  return {
    next() {
      const few = history.evaluated.length < LEAST_KNOWN;
      if (asked >= options.initial && few && history.pending.length > 0) return undefined;
      const proposal = asked < options.initial || few ? drawnFresh('initial') : chosen();
      asked++;
      return proposal;
    },
  };
}

/** Standard deviations of the steps from points of the archive, in shares of the ranges. */
const STEPS = [0.003, 0.03, 0.15];

/** Fresh points: drawn evenly, and beside points of the archive. */
function poolOf(
  history: PointHistory,
  count: number,
  draw: () => Float64Array,
  random: Random,
): readonly Point[] {
  const { space, archive, evaluated } = history;
  const known = archive.length > 0 ? archive : evaluated;
  const beside = () => {
    const { point } = known[random.integer(known.length)] as Evaluated;
    const step = STEPS[random.integer(STEPS.length)] as number;
    const share = random.uniform();
    return space.toUnit(point).map((unit) => {
      if (random.uniform() > share) return unit;
      return Math.min(Math.max(unit + step * random.normal(), 0), 1);
    });
  };
  const units = Array.from({ length: 2 * count }, (_, i) => (i < count ? draw() : beside()));
  return units.map((unit) => space.fromUnit(unit)).filter((point) => history.isFresh(point));
}

/**
 * ln of the expected improvement and of the chance that all constraints are kept, for each point; the chance alone where
 * nothing feasible is known. Pending points count as evaluated with their predictions' means ("kriging believer").
 */
function meritsOf(
  { space, evaluated, archive, pending }: PointHistory,
  pool: readonly Point[],
  kernels: Map<number, Kernel>,
  random: Random,
): Float64Array {
  const objectives = evaluated[0]?.objectives.length ?? 1;
  const scalar = scalarOf(rangesOf(evaluated, archive), {
    ...{ value: 'tchebycheff', weights: flatDirichlet(objectives, random), penalty: 0 },
  });
  const points = space.coordinatesOf(evaluated.map(({ point }) => point));
  const asked = space.coordinatesOf(pool);
  const waiting = space.coordinatesOf(pending.map(({ point }) => point));
  const predicted = (output: number, y: readonly number[]) =>
    predict({ points, y: Float64Array.from(y), waiting, asked }, output, kernels);

  const values = evaluated.map((one) => scalar.at([...one.objectives, ...one.constraints]));
  const feasible = values.filter((_, i) => isFeasible(evaluated[i] as Evaluated));
  const merits = new Float64Array(pool.length);
  if (feasible.length > 0) {
    const { mean, deviation } = predicted(0, values);
    const best = -Math.min(...feasible);
    for (const [i, one] of mean.entries()) {
      merits[i] = logExpectedImprovement(-one, deviation[i] as number, best);
    }
  }
  for (const k of (evaluated[0]?.constraints ?? []).keys()) {
    const { mean, deviation } = predicted(
      k + 1,
      evaluated.map(({ constraints }) => constraints[k] as number),
    );
    for (const [i, one] of mean.entries()) {
      const chance = normalDistribution(-one / Math.max(deviation[i] as number, LEAST_DEVIATION));
      merits[i] = (merits[i] as number) + Math.log(Math.max(chance, Number.MIN_VALUE));
    }
  }
  return merits;
}

/** Deviations of a process are 0 at its points. */
const LEAST_DEVIATION = 1e-12;

interface Task {
  readonly points: Points;
  readonly y: Float64Array;
  /** Points that are believed to be as predicted. */
  readonly waiting: Points;
  readonly asked: Points;
}

/** The kernel is sought from that of the last time on. */
function predict(task: Task, output: number, kernels: Map<number, Kernel>) {
  const { points, y, waiting, asked } = task;
  const { kernel } = likeliestKernel(points, y, { each: false }, kernels.get(output));
  kernels.set(output, kernel);
  const believed = countOf(waiting) > 0 ? posteriorOf(kernel, points, waiting).predict(y).mean : [];
  const posterior = posteriorOf(kernel, points, asked);
  for (let row = 0; row < countOf(waiting); row++) posterior.observe(rowOf(waiting, row));
  return posterior.predict(Float64Array.of(...y, ...believed));
}

function posteriorOf(kernel: Kernel, points: Points, asked: Points): GaussianPosterior {
  const posterior = new GaussianPosterior(kernel, asked);
  for (let row = 0; row < countOf(points); row++) posterior.observe(rowOf(points, row));
  return posterior;
}
