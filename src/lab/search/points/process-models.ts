// What searches by Gaussian processes share: the pool of which they choose a point, and the predictions of outputs.
import { z } from 'zod';
import { normalDistribution } from '../../../engine/kernels/plain/normal-distribution.ts';
import type { Random } from '../../../engine/random.ts';
import {
  GaussianPosterior,
  type Kernel,
  type Posterior,
} from '../../../engine/regression/gaussian-posterior.ts';
import { likeliestKernel } from '../../../engine/regression/gaussian-process.ts';
import { countOf, type Points, rowOf } from '../../../engine/regression/regressor.ts';
import type { Evaluated, Point } from './contract.ts';
import type { PointHistory } from './history.ts';
import { drawnFresh, initialOption, initialThen, type PointPolicy } from './one-by-one.ts';
import { unitSampler } from './space.ts';

export const poolOptions = {
  initial: initialOption,
  pool: z
    .int()
    .min(1)
    .default(500)
    .describe('Points that are compared for each choice, and as many beside the archive')
    .meta({ unit: 'points' }),
};

/** A policy that draws `initial` points, and then takes the one of greatest merit of a pool of fresh points. */
export function bestOfPool(
  history: PointHistory,
  { initial, pool: size }: { readonly initial: number; readonly pool: number },
  random: Random,
  meritsOf: (pool: readonly Point[]) => ArrayLike<number>,
): PointPolicy {
  const draw = unitSampler(history.space.variables.length, random);
  return initialThen(history, initial, () => {
    const pool = poolOf(history, size, draw, random);
    if (pool.length === 0) return drawnFresh(history, 'random');
    const merits = Array.from(meritsOf(pool));
    return { point: pool[merits.indexOf(Math.max(...merits))] as Point, reason: 'acquisition' };
  });
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

/** A Gaussian process of an output, with Matern 5/2 kernel and one length scale. */
type FitOutput = (output: string, y: readonly number[]) => (asked: Points) => Posterior;

/**
 * Fits outputs of all evaluated points; pending points count as evaluated with their predictions' means ("kriging believer").
 * The kernel of an output is sought from that of the last time on.
 */
export function outputProcesses(history: PointHistory): FitOutput {
  const kernels = new Map<string, Kernel>();
  return (output, y) => {
    const points = history.space.coordinatesOf(history.evaluated.map(({ point }) => point));
    const waiting = history.space.coordinatesOf(history.pending.map(({ point }) => point));
    const values = Float64Array.from(y);
    const { kernel } = likeliestKernel(points, values, { each: false }, kernels.get(output));
    kernels.set(output, kernel);
    const believed =
      countOf(waiting) > 0 ? posteriorOf(kernel, points, waiting).predict(values).mean : [];
    return (asked) => {
      const posterior = posteriorOf(kernel, points, asked);
      for (let row = 0; row < countOf(waiting); row++) posterior.observe(rowOf(waiting, row));
      return posterior.predict(Float64Array.of(...values, ...believed));
    };
  };
}

/** Deviations of a process are 0 at its points. */
const LEAST_DEVIATION = 1e-12;

/** (asked,) ln of the chance that all constraints are kept. */
export function feasibilityOf(
  { evaluated }: PointHistory,
  fitOutput: FitOutput,
  asked: Points,
): Float64Array {
  const chances = new Float64Array(countOf(asked));
  for (const k of (evaluated[0]?.constraints ?? []).keys()) {
    const values = evaluated.map(({ constraints }) => constraints[k] as number);
    const { mean, deviation } = fitOutput(`constraint ${k}`, values)(asked);
    for (const [i, one] of mean.entries()) {
      const far = -one / Math.max(deviation[i] as number, LEAST_DEVIATION);
      const chance = Math.max(normalDistribution(far), Number.MIN_VALUE);
      chances[i] = (chances[i] as number) + Math.log(chance);
    }
  }
  return chances;
}

function posteriorOf(kernel: Kernel, points: Points, asked: Points): GaussianPosterior {
  const posterior = new GaussianPosterior(kernel, asked);
  for (let row = 0; row < countOf(points); row++) posterior.observe(rowOf(points, row));
  return posterior;
}
