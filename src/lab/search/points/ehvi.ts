// Bayesian optimisation of several objectives: a Gaussian process for each, and the expected improvement of the hypervolume.
import { z } from 'zod';
import type { Random } from '../../../engine/random.ts';
import { expectedImprovements, MOST_OBJECTIVES, openRegion } from '../expected-hypervolume.ts';
import type { Evaluated, PointMethod } from './contract.ts';
import type { PointHistory } from './history.ts';
import { type PointPolicy, pointByPoint, upToObjectives } from './one-by-one.ts';
import {
  bestOfPool,
  feasibilityOf,
  likelyGains,
  outputProcesses,
  poolOptions,
} from './process-models.ts';
import { frontReference, rangesOf } from './scalar.ts';

const options = z.strictObject(poolOptions);

type Options = z.infer<typeof options>;

/**
 * Emmerich, Giannakoglou and Naujoks 2006, "Single- and multiobjective evolutionary optimization assisted by Gaussian random field
 * metamodels": expected hypervolume improvement, times the probability of feasibility (Gardner et al. 2014). The reference is that
 * of ours. Matern 5/2 kernels, one length scale each. Exact, see `openRegion`: with five objectives and fifty points on the front
 * a choice would take half a minute.
 */
export const ehvi: PointMethod<Options> = {
  kind: 'ehvi',
  summary: 'expected improvement of the hypervolume by Gaussian processes',
  mostObjectives: MOST_OBJECTIVES,
  options,
  start: upToObjectives(MOST_OBJECTIVES, 'ehvi', pointByPoint(improve)),
};

function improve(history: PointHistory, options: Options, random: Random): PointPolicy {
  const fitOutput = outputProcesses(history);
  return bestOfPool(history, options, random, (pool) => {
    const { evaluated, archive, space } = history;
    const asked = space.coordinatesOf(pool);
    const chances = feasibilityOf(history, fitOutput, asked);
    if (archive.length === 0) return chances;
    const { least, range } = rangesOf(evaluated, archive);
    const scaled = ({ objectives }: Evaluated) =>
      objectives.map((value, j) => (value - (least[j] as number)) / (range[j] as number));
    const known = evaluated.map(scaled);
    const predicted = least.map((_, j) =>
      fitOutput(
        `objective ${j}`,
        known.map((one) => one[j] as number),
      ).predict(asked),
    );
    const reference = frontReference(least.length);
    const region = openRegion(archive.map(scaled), reference);
    return likelyGains(expectedImprovements(region, predicted), chances);
  });
}
