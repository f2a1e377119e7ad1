// Bayesian optimisation of one objective by ensembles of trees: a random forest, and boosted trees.
import { z } from 'zod';
import type { FitRegressor } from '../../../engine/regression/regressor.ts';
import { boostedTrees, randomForest } from '../../../engine/regression/tree-ensembles.ts';
import { logExpectedImprovement } from '../rivals/expected-improvement.ts';
import type { PointMethod } from './contract.ts';
import { pointByPoint, upToObjectives } from './one-by-one.ts';
import { bestOfPool, poolOptions } from './process-models.ts';
import { penalisedValues } from './scalar.ts';

const options = z.strictObject(poolOptions);

type Options = z.infer<typeof options>;

/** The forest of SMAC3's `HyperparameterOptimizationFacade`: ten trees that try each coordinate. */
export const forestPoints: PointMethod<Options> = {
  kind: 'random-forest',
  summary: 'expected improvement of a random forest, for one objective',
  mostObjectives: 1,
  options,
  start: upToObjectives(
    1,
    'random-forest',
    byTrees(randomForest({ trees: 10, leafPoints: 1, share: 1 })),
  ),
};

/** Boosted models on bootstrap samples, whose spread is the uncertainty. Numbers are ours. */
export const boostedPoints: PointMethod<Options> = {
  kind: 'boosted-trees',
  summary: 'expected improvement of boosted trees, for one objective',
  mostObjectives: 1,
  options,
  start: upToObjectives(
    1,
    'boosted-trees',
    byTrees(boostedTrees({ stages: 30, rate: 0.2, depth: 3, leafPoints: 2, members: 5 })),
  ),
};

/** Expected improvement by mean and spread of the members. A point that breaks constraints counts as worse than all others. */
function byTrees(grow: FitRegressor): PointMethod<Options>['start'] {
  return pointByPoint((history, own, random) =>
    bestOfPool(history, own, random, (pool) => {
      const { space, evaluated } = history;
      const points = space.coordinatesOf(evaluated.map(({ point }) => point));
      const values = penalisedValues(evaluated).map((value) => -value);
      const model = grow(points, Float64Array.from(values), random.integer(2 ** 32));
      const { mean, aleatoric, epistemic } = model.predict(space.coordinatesOf(pool));
      const best = Math.max(...values);
      return mean.map((one, i) =>
        logExpectedImprovement(
          one,
          Math.hypot(epistemic[i] as number, aleatoric[i] as number),
          best,
        ),
      );
    }),
  );
}
