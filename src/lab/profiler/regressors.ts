// What a profile may tell of other designs with; which of them does is found by what they tell of designs held out.
import { type Registry, registry } from '../../core/registry.ts';
import { gaussianProcess } from '../../engine/regression/gaussian-process.ts';
import { boostedTrees, randomForest } from '../../engine/regression/tree-ensembles.ts';
import type { NamedRegressor } from './choose-regressor.ts';
import { networkRegressor } from './network-regressor.ts';
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
    summary: 'gradient-boosted trees, five models on samples of their own',
    fit: boostedTrees({ stages: 150, rate: 0.1, depth: 3, leafPoints: 1, members: 5 }),
  },
  {
    kind: 'natural-parameter-network',
    summary: 'natural-parameter network with a teacher and its student, as BOSHNAS has them',
    fit: networkRegressor,
  },
  {
    kind: 'sum-of-parts',
    summary: 'sum of what each part of the work takes, no rate below 0',
    fit: sumOfParts,
  },
);

/** Whose doubt says what to measure next. */
export const LEARNER = 'gaussian-process';
