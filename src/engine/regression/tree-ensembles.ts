// Ensembles of regression trees: random forests and gradient-boosted trees. The disagreement of the members is the epistemic
// uncertainty.
import { createRandom, type Random } from '../random.ts';
import type { TreeOptions } from './best-split.ts';
import {
  growTree,
  type LeafSummary,
  type RegressionTree,
  type SortedPoints,
  sortPoints,
} from './regression-tree.ts';
import {
  countOf,
  type FitRegressor,
  type Points,
  type Prediction,
  requireTrainingSet,
} from './regressor.ts';

interface ForestOptions {
  readonly trees: number;
  /** Minimum number of points in a leaf. */
  readonly leafPoints: number;
  /** Share of the coordinates that are tried for each split. */
  readonly share: number;
}

/**
 * Breiman 2001, "Random forests": trees on bootstrap samples. The spread of the trees is the epistemic uncertainty, the
 * mean spread within their leaves the aleatoric one; the sum of the squares is the variance of the mixture of all leaves.
 * With one point per leaf, only repeated measurements show the aleatoric one.
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

interface BoostingOptions {
  /** Number of trees. */
  readonly stages: number;
  /** Share of the residual that each tree corrects. */
  readonly rate: number;
  /** Depth of a leaf. */
  readonly depth: number;
  /** Minimum number of points in a leaf. */
  readonly leafPoints: number;
  /**
   * Boosted models, each on its own bootstrap sample. A single model uses the points as they are, and has no epistemic
   * uncertainty.
   */
  readonly members: number;
}

/**
 * Friedman 2001, "Greedy function approximation: a gradient boosting machine", with squared error, so that the gradient
 * is the residual. The aleatoric uncertainty is one number: the root mean square of the residuals, on points that a member
 * has not drawn if there are any.
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

/** Mean square of the errors of points without weight, or of all points if each has a weight. */
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

/** Counts of each of `count` points in a bootstrap sample of the same size. */
function bootstrapWeights(count: number, random: Random): Float64Array {
  const weights = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const drawn = random.integer(count);
    weights[drawn] = (weights[drawn] as number) + 1;
  }
  return weights;
}

/**
 * Prediction of equally weighted members: the spread of their means is the epistemic uncertainty, the mean of their
 * variances the aleatoric one. Throws RangeError without members.
 */
function mixture(members: readonly LeafSummary[]): Prediction {
  const count = members[0]?.mean.length;
  if (count === undefined) throw new RangeError('a mixture needs at least one member');
  const [mean, aleatoric, epistemic] = [0, 1, 2].map(() => new Float64Array(count)) as Triple;
  for (let i = 0; i < count; i++) {
    let [sum, squares, within] = [0, 0, 0];
    for (const member of members) {
      sum += member.mean[i] as number;
      within += member.variance[i] as number;
    }
    const centre = sum / members.length;
    for (const member of members) squares += ((member.mean[i] as number) - centre) ** 2;
    mean[i] = centre;
    aleatoric[i] = Math.sqrt(within / members.length);
    epistemic[i] = Math.sqrt(squares / members.length);
  }
  return { mean, aleatoric, epistemic };
}

type Triple = [Float64Array, Float64Array, Float64Array];
