// ParEGO with constraints: a Gaussian process of a weighted value, its expected improvement, and the chance to be feasible.
import { z } from 'zod';
import type { Random } from '../../../engine/random.ts';
import { logExpectedImprovement } from '../rivals/expected-improvement.ts';
import type { PointMethod } from './contract.ts';
import { isFeasible, type PointHistory } from './history.ts';
import { type PointPolicy, pointByPoint } from './one-by-one.ts';
import { bestOfPool, feasibilityOf, outputProcesses, poolOptions } from './process-models.ts';
import { flatDirichlet, rangesOf, scalarOf } from './scalar.ts';

const options = z.strictObject(poolOptions);

type Options = z.infer<typeof options>;

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

/**
 * Merits are ln of the expected improvement and of the chance that all constraints are kept; of the chance alone where nothing
 * feasible is known.
 */
function improve(history: PointHistory, options: Options, random: Random): PointPolicy {
  const fitOutput = outputProcesses(history);
  return bestOfPool(history, options, random, (pool) => {
    const { evaluated, archive, objectives, space } = history;
    const asked = space.coordinatesOf(pool);
    const scalar = scalarOf(rangesOf(evaluated, archive), {
      ...{ value: 'tchebycheff', weights: flatDirichlet(objectives, random), penalty: 0 },
    });
    const values = evaluated.map((one) => scalar.at([...one.objectives, ...one.constraints]));
    const feasible = values.filter((_, i) => isFeasible(evaluated[i] as (typeof evaluated)[0]));
    const chances = feasibilityOf(history, fitOutput, asked);
    if (feasible.length === 0) return chances;
    const best = -Math.min(...feasible);
    const { mean, deviation } = fitOutput('value', values).predict(asked);
    return chances.map(
      (chance, i) =>
        chance + logExpectedImprovement(-(mean[i] as number), deviation[i] as number, best),
    );
  });
}
