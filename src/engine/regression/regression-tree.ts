// A regression tree (CART): splits the points to reduce the squared error most, and predicts the mean of a leaf. Forests and
// boosting grow many trees on the same points, so these are sorted once, and rows have weights instead of copies.
//
// Notation   N training points, M points to predict, E coordinates of each
import type { Random } from '../random.ts';
import { bestSplit, type Growth, type Range, type Split, type TreeOptions } from './best-split.ts';
import { countOf, type Points } from './regressor.ts';

export interface SortedPoints {
  readonly points: Points;
  /** (E, N): for each coordinate, the points by its value. */
  readonly orders: readonly Uint32Array[];
}

/** Mean and variance, (M,) each, of the training values in the leaf of each point. */
export interface LeafSummary {
  readonly mean: Float64Array;
  readonly variance: Float64Array;
}

export interface RegressionTree {
  predict(points: Points): LeafSummary;
}

/** O(E N log N). */
export function sortPoints(points: Points): SortedPoints {
  const { values, width } = points;
  const orders = Array.from({ length: width }, (_, place) =>
    Uint32Array.from({ length: countOf(points) }, (_, row) => row).sort(
      (a, b) => (values[a * width + place] as number) - (values[b * width + place] as number),
    ),
  );
  return { points, orders };
}

/**
 * `y` and `weights` are (N,); points of weight 0 are ignored. O(E N) for each level.
 * Breiman et al. 1984, "Classification and regression trees", with squared error.
 */
export function growTree(
  { points, orders }: SortedPoints,
  y: Float64Array,
  weights: Float64Array,
  options: TreeOptions,
  random: Random,
): RegressionTree {
  const kept = orders.map((order) => order.filter((row) => (weights[row] as number) > 0));
  const size = kept[0]?.length ?? 0;
  const growth: Growth = {
    ...{ points, y, weights, options, random, orders: kept },
    places: Uint32Array.from(orders.keys()),
    goesLeft: new Uint8Array(y.length),
    spare: new Uint32Array(size),
  };
  const root = grow(growth, { from: 0, to: size }, options.depth);
  return { predict: (asked) => descend(root, asked) };
}

interface Node {
  readonly mean: number;
  readonly variance: number;
  /** Absent in a leaf. */
  readonly split?: Split & { readonly left: Node; readonly right: Node };
}

function grow(growth: Growth, range: Range, depth: number): Node {
  const { mean, variance, weight, same } = summarise(growth, range);
  if (depth === 0 || same || weight < 2 * growth.options.leafWeight) return { mean, variance };
  const split = bestSplit(growth, range, mean, weight);
  if (!split) return { mean, variance };
  const middle = divide(growth, range, split);
  return {
    mean,
    variance,
    split: {
      ...split,
      left: grow(growth, { from: range.from, to: middle }, depth - 1),
      right: grow(growth, { from: middle, to: range.to }, depth - 1),
    },
  };
}

function summarise({ orders, y, weights }: Growth, { from, to }: Range) {
  const rows = (orders[0] as Uint32Array).subarray(from, to);
  const first = y[rows[0] as number];
  let [weight, sum, same] = [0, 0, true];
  for (const row of rows) {
    weight += weights[row] as number;
    sum += (weights[row] as number) * (y[row] as number);
    if (y[row] !== first) same = false;
  }
  const mean = sum / weight;
  let squares = 0;
  for (const row of rows) squares += (weights[row] as number) * ((y[row] as number) - mean) ** 2;
  return { mean, variance: squares / weight, weight, same };
}

/** Puts the points of the left side first in each order, and returns the start of the right side. */
function divide(growth: Growth, { from, to }: Range, { place, threshold }: Split): number {
  const { points, orders, goesLeft, spare } = growth;
  let middle = from;
  for (const row of (orders[place] as Uint32Array).subarray(from, to)) {
    const left = (points.values[row * points.width + place] as number) <= threshold;
    goesLeft[row] = left ? 1 : 0;
    if (left) middle++;
  }
  for (const order of orders) {
    let [left, right] = [from, 0];
    for (let i = from; i < to; i++) {
      const row = order[i] as number;
      if (goesLeft[row]) order[left++] = row;
      else spare[right++] = row;
    }
    order.set(spare.subarray(0, right), left);
  }
  return middle;
}

function descend(root: Node, asked: Points): LeafSummary {
  const count = countOf(asked);
  const summary = { mean: new Float64Array(count), variance: new Float64Array(count) };
  for (let row = 0; row < count; row++) {
    let node = root;
    for (let { split } = node; split; { split } = node) {
      const value = asked.values[row * asked.width + split.place] as number;
      node = value <= split.threshold ? split.left : split.right;
    }
    summary.mean[row] = node.mean;
    summary.variance[row] = node.variance;
  }
  return summary;
}
