// Gradient-boosted trees: each small tree mends a share of what those before it left.
import { createRandom, type Random } from '../random.ts';
import { bootstrapWeights, mixture } from './bagging.ts';
import type { TreeOptions } from './best-split.ts';
import { growTree, type RegressionTree, type SortedPoints, sortPoints } from './regression-tree.ts';
import { countOf, type FitRegressor, type Points } from './regressor.ts';
import { requireTrainingSet } from './training-set.ts';

export interface BoostingOptions {
  /** Trees, one after the other. */
  readonly stages: number;
  /** Share of the remainder that each tree mends. */
  readonly rate: number;
  /** Splits on the way to a leaf. */
  readonly depth: number;
  /** Points in a leaf, at least. */
  readonly leafPoints: number;
  /**
   * Boosted models, each on a bootstrap sample of its own. One sees the points as they are, and has no epistemic
   * uncertainty, for nothing tells what it does not know.
   */
  readonly members: number;
}

/**
 * Friedman 2001, "Greedy function approximation: a gradient boosting machine", with squared error, so that the gradient
 * is the remainder. The aleatoric uncertainty is one number: the root mean square of what is left over, on points that a
 * member has not drawn where there are any.
 */
export function boostedTrees(options: BoostingOptions): FitRegressor {
  return (points, y, seed) => {
    const count = requireTrainingSet(points, y);
    const random = createRandom(seed);
    const sorted = sortPoints(points);
    const members = Array.from({ length: options.members }, () => {
      const weights =
        options.members === 1 ? new Float64Array(count).fill(1) : bootstrapWeights(count, random);
      const predict = boost(sorted, y, weights, options, random);
      return { predict, variance: leftOver(predict(points), y, weights) };
    });
    return {
      predict: (asked) =>
        mixture(
          members.map(({ predict, variance }) => {
            const mean = predict(asked);
            return { mean, variance: new Float64Array(mean.length).fill(variance) };
          }),
        ),
    };
  };
}

function boost(
  sorted: SortedPoints,
  y: Float64Array,
  weights: Float64Array,
  { stages, rate, depth, leafPoints }: BoostingOptions,
  random: Random,
): (asked: Points) => Float64Array {
  const { points } = sorted;
  const options: TreeOptions = { depth, leafWeight: leafPoints, tried: points.width };
  const start = weightedMean(y, weights);
  const remainder = y.map((value) => value - start);
  const trees: RegressionTree[] = [];
  for (let stage = 0; stage < stages; stage++) {
    const tree = growTree(sorted, remainder, weights, options, random);
    add(remainder, -rate, tree.predict(points).mean);
    trees.push(tree);
  }
  return (asked) => {
    const mean = new Float64Array(countOf(asked)).fill(start);
    for (const tree of trees) add(mean, rate, tree.predict(asked).mean);
    return mean;
  };
}

/** Mean square of the errors: of points without weight, or of all where each has some. */
function leftOver(predicted: Float64Array, y: Float64Array, weights: Float64Array): number {
  const unseen = weights.map((weight) => (weight === 0 ? 1 : 0));
  const squares = y.map((value, i) => (value - (predicted[i] as number)) ** 2);
  return weightedMean(squares, unseen.includes(1) ? unseen : weights);
}

function weightedMean(values: Float64Array, weights: Float64Array): number {
  let [sum, total] = [0, 0];
  for (const [i, weight] of weights.entries()) {
    sum += weight * (values[i] as number);
    total += weight;
  }
  return sum / total;
}

function add(to: Float64Array, factor: number, values: Float64Array): void {
  for (let i = 0; i < to.length; i++) to[i] = (to[i] as number) + factor * (values[i] as number);
}
