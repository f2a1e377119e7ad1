// A forest of regression trees that differ in the points and coordinates they saw: where they disagree, little is known.
import { createRandom } from '../random.ts';
import { bootstrapWeights, mixture } from './bagging.ts';
import { growTree, sortPoints } from './regression-tree.ts';
import type { FitRegressor } from './regressor.ts';
import { requireTrainingSet } from './training-set.ts';

export interface ForestOptions {
  readonly trees: number;
  /** Points in a leaf, at least. */
  readonly leafPoints: number;
  /** Share of the coordinates that are tried for each split. */
  readonly share: number;
}

/**
 * Breiman 2001, "Random forests": trees on bootstrap samples. The spread of the trees is the epistemic uncertainty, the
 * mean spread within their leaves the aleatoric one; the sum of the squares is the variance of the mixture of all leaves.
 * With one point to a leaf only repeated measurements show the latter.
 */
export function randomForest({ trees, leafPoints, share }: ForestOptions): FitRegressor {
  return (points, y, seed) => {
    const count = requireTrainingSet(points, y);
    const random = createRandom(seed);
    const sorted = sortPoints(points);
    const options = {
      depth: Number.POSITIVE_INFINITY,
      leafWeight: leafPoints,
      tried: Math.max(1, Math.round(share * points.width)),
    };
    const forest = Array.from({ length: trees }, () =>
      growTree(sorted, y, bootstrapWeights(count, random), options, random),
    );
    return { predict: (asked) => mixture(forest.map((tree) => tree.predict(asked))) };
  };
}
