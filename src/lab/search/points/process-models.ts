// What searches by Gaussian processes share: the pool of which they choose a point, and the predictions of outputs.
import { z } from 'zod';
import { normalDistribution } from '../../../engine/kernels/plain/normal-distribution.ts';
import type { Random } from '../../../engine/random.ts';
import type { Kernel } from '../../../engine/regression/gaussian-posterior.ts';
import { likeliestKernel } from '../../../engine/regression/gaussian-process.ts';
import { countOf, type Points } from '../../../engine/regression/regressor.ts';
import { type SettledProcess, settledProcess } from '../../../engine/regression/settled-process.ts';
import type { Uncertain } from '../expected-hypervolume.ts';
import type { Evaluated, Point } from './contract.ts';
import type { PointHistory } from './history.ts';
import { drawnFresh, initialOption, initialThen, type PointPolicy } from './one-by-one.ts';
import { unitSampler } from './space.ts';
import { besideUnit } from './variation.ts';

export const poolOptions = {
  initial: initialOption,
  pool: z
    .int()
    .min(1)
    .max(100_000)
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
    return besideUnit(space.toUnit(point), step, random);
  };
  const units = Array.from({ length: 2 * count }, (_, i) => (i < count ? draw() : beside()));
  return units.map((unit) => space.fromUnit(unit)).filter((point) => history.isFresh(point));
}

/** A Gaussian process of an output, with Matern 5/2 kernel and one length scale. */
type FitOutput = (output: string, y: readonly number[]) => OutputProcess;

interface OutputProcess {
  predict(asked: Points): Uncertain;
  /** (asked,): the means alone, at a fraction of the cost. */
  meanAt(asked: Points): Float64Array;
}

/**
 * Fits outputs of all evaluated points; pending points count as evaluated with their predictions' means ("kriging believer").
 * The kernel of an output is sought from that of the last time on.
 */
export function outputProcesses(history: PointHistory): FitOutput {
  const kernels = new Map<string, Kernel>();
  return (output, y) => {
    const { space, evaluated, pending } = history;
    const points = space.coordinatesOf(evaluated.map(({ point }) => point));
    const waiting = space.coordinatesOf(pending.map(({ point }) => point));
    const values = Float64Array.from(y);
    const { kernel } = likeliestKernel(points, values, { each: false }, kernels.get(output));
    kernels.set(output, kernel);
    const told = settledProcess(kernel, points, values);
    const process =
      pending.length === 0
        ? told
        : settledProcess(
            kernel,
            { ...points, values: Float64Array.of(...points.values, ...waiting.values) },
            Float64Array.of(...values, ...told.meanAt(waiting)),
          );
    return {
      meanAt: process.meanAt,
      predict: (asked) => predictInChunks(process, asked),
    };
  };
}

/** Points that are predicted at once, so that their correlations stay in the processor's cache. */
const CHUNK = 64;

function predictInChunks(process: SettledProcess, { values, width }: Points): Uncertain {
  const count = values.length / width;
  const [means, deviations] = [new Float64Array(count), new Float64Array(count)];
  for (let from = 0; from < count; from += CHUNK) {
    const chunk = { values: values.subarray(from * width, (from + CHUNK) * width), width };
    const { mean, deviation } = process.at(chunk);
    means.set(mean, from);
    deviations.set(deviation, from);
  }
  return { mean: means, deviation: deviations };
}

/** (asked,) ln of the chance that all constraints are kept. */
export function feasibilityOf(
  { evaluated }: PointHistory,
  fitOutput: FitOutput,
  asked: Points,
): Float64Array {
  const predicted = (evaluated[0]?.constraints ?? []).map((_, k) => {
    const values = evaluated.map(({ constraints }) => constraints[k] as number);
    return fitOutput(`constraint ${k}`, values).predict(asked);
  });
  return chancesOfKeeping(predicted, countOf(asked));
}

/** (points,) ln of gain times chance, from ln of the chances. Rounding may take a gain of nearly nothing below 0. */
export function likelyGains(gains: Float64Array, chances: Float64Array): Float64Array {
  return gains.map(
    (gain, i) => (chances[i] as number) + Math.log(Math.max(gain, Number.MIN_VALUE)),
  );
}

/** (points,) ln of the chance that constraints with these predictions are kept; a deviation may be 0. */
export function chancesOfKeeping(constraints: readonly Uncertain[], points: number): Float64Array {
  const chances = new Float64Array(points);
  for (const { mean, deviation } of constraints) {
    for (const [i, one] of mean.entries()) {
      const far = one === 0 ? 0 : -one / (deviation[i] as number);
      const chance = Math.max(normalDistribution(far), Number.MIN_VALUE);
      chances[i] = (chances[i] as number) + Math.log(chance);
    }
  }
  return chances;
}
