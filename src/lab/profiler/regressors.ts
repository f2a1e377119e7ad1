// Regressors of a profile; cross-validation chooses the one that predicts.
import { type Registry, registry } from '../../core/registry.ts';
import { createRandom, type Random } from '../../engine/random.ts';
import { gaussianProcess } from '../../engine/regression/gaussian-process.ts';
import { heteroscedasticLearner } from '../../engine/regression/heteroscedastic/heteroscedastic.ts';
import type { Points, Regressor } from '../../engine/regression/regressor.ts';
import { columnsOf } from '../../engine/regression/regressor.ts';
import { boostedTrees, randomForest } from '../../engine/regression/tree-ensembles.ts';
import { extent } from '../../engine/statistics.ts';
import type { NamedRegressor } from './choose-regressor.ts';
import { scalerOf } from './rows.ts';
import { sumOfParts } from './sum-of-parts.ts';

export const regressors: Registry<NamedRegressor> = registry<NamedRegressor>(
  {
    kind: 'gaussian-process',
    summary: 'Gaussian process, Matern 5/2, one length scale',
    fit: gaussianProcess({ each: false }),
  },
  {
    kind: 'random-forest',
    summary: 'forest of 100 trees',
    fit: randomForest({ trees: 100, leafPoints: 1, share: 1 / 3 }),
  },
  {
    kind: 'boosted-trees',
    summary: 'gradient-boosted trees, five models on different samples',
    fit: boostedTrees({ stages: 150, rate: 0.1, depth: 3, leafPoints: 1, members: 5 }),
  },
  {
    kind: 'natural-parameter-network',
    summary: 'natural-parameter network with a teacher and its student, as in BOSHNAS',
    fit: networkRegressor,
  },
  {
    kind: 'sum-of-parts',
    summary: 'sum of the times of the parts of the work, no rate below 0',
    fit: sumOfParts,
  },
);

/** Its uncertainty chooses the next design to measure. */
export const LEARNER = 'gaussian-process';

/** The networks of BOSHNAS's surrogate as a regressor, trained again for each set of points. Columns are scaled first. */
export function networkRegressor(points: Points, y: Float64Array, seed: number): Regressor {
  const scale = scalerOf(points);
  const known = scale(points);
  const space = boxAround(known, createRandom(seed));
  const fitted = heteroscedasticLearner(space, {}, seed).fit(known, y);
  return { predict: (asked) => fitted.predict(scale(asked)) };
}

/** Points in the box: as many as the student network is trained on at a time. */
const SPACE = 128;

/** Random points in the bounding box: epistemic uncertainty is between the measured designs, not at them. */
function boxAround(points: Points, random: Random): Points {
  const sides = columnsOf(points).map(extent);
  const values = Array.from({ length: SPACE }, () =>
    sides.map(([least, most]) => least + (most - least) * random.uniform()),
  );
  return { values: Float64Array.from(values.flat()), width: points.width };
}
