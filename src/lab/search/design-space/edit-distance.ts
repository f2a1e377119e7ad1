// Edit distance between two designs: the least cost of turning one graph into the other by edits that keep the nodes of a
// layer together and layers in order. Exact, since layers then align like the letters of two words, O(layers^2).
// The idea is Transformer2vec's, of Tuli et al. 2023, "FlexiBERT: are current transformer architectures too homogeneous
// and rigid?"
//
// Departs from FlexiBERT: operations are equal or not, where theirs differ by their places in a list; heads count by their
// share of the layer's width, so that a layer of 4 heads weighs as much as one of 2; all distances are computed, where
// theirs are interpolated from 1 % of them.
import { leastPlaces } from '../../../engine/statistics.ts';
import type { DesignPoint, EncoderLayer, Head } from '../../../models/design-point.ts';
import { designKey, rankOf } from './design-key.ts';
import { memoize } from './memoize.ts';

/** With these costs the distance is a metric: inserting or deleting a layer always costs the same. */
export const editCosts = {
  /** All heads of a layer change to another operation of the same family, e.g. another form of attention. */
  sameFamily: 3,
  otherFamily: 6,
  headCount: 2,
  hidden: 3,
  /** A feed-forward layer is inserted, deleted, or gets another width. */
  feedForward: 2,
  layer: 9,
} as const;

/**
 * Zero for the same design only, symmetric, and it satisfies the triangle inequality. For designs of a space, whose heads
 * divide the width of their layer.
 */
export function editDistance(a: DesignPoint, b: DesignPoint): number {
  return aligned(a.layers, b.layers, layerDistance, () => editCosts.layer);
}

/** Cost of aligning `a` with `b` in order: `exchange` for a replacement, `gap` for an insertion or deletion. */
export function aligned<A, B>(
  a: readonly A[],
  b: readonly B[],
  exchange: (a: A, b: B) => number,
  gap: (item: A | B) => number,
): number {
  // Costs of aligning the items of a so far with each prefix of b.
  const costs = [0];
  for (const item of b) costs.push((costs.at(-1) as number) + gap(item));
  for (const item of a) {
    let diagonal = costs[0] as number;
    const deleted = gap(item);
    let left = diagonal + deleted;
    costs[0] = left;
    for (let j = 0; j < b.length; j++) {
      const above = costs[j + 1] as number;
      const other = b[j] as B;
      left = Math.min(diagonal + exchange(item, other), above + deleted, left + gap(other));
      costs[j + 1] = left;
      diagonal = above;
    }
  }
  return costs[b.length] as number;
}

function layerDistance(a: EncoderLayer, b: EncoderLayer): number {
  return (
    headsDistance(a.heads, b.heads) +
    stackDistance(a.feedForward, b.feedForward) +
    hiddenDistance(a.hidden, b.hidden)
  );
}

function hiddenDistance(a: number, b: number): number {
  return a === b ? 0 : editCosts.hidden;
}

function stackDistance(a: readonly number[], b: readonly number[]): number {
  const { feedForward } = editCosts;
  return aligned(
    a,
    b,
    (one, other) => (one === other ? 0 : feedForward),
    () => feedForward,
  );
}

/**
 * The cheapest assignment of shares of heads to shares of heads. Operations are leaves of a tree of families; on a tree, the
 * surplus of one side crosses each edge.
 * Evans and Matsen 2012, "The phylogenetic Kantorovich-Rubinstein metric for environmental sequence samples".
 */
function headsDistance(a: readonly Head[], b: readonly Head[]): number {
  const { sameFamily, otherFamily, headCount } = editCosts;
  // Half of the distance between two operations, below and above the family.
  const within = sameFamily / 2;
  const between = (otherFamily - sameFamily) / 2;
  return (
    within * surplus(a, b, rankOf) +
    between * surplus(a, b, ({ op }) => op) +
    (a.length === b.length ? 0 : headCount)
  );
}

/** Sum of the differences of shares over kinds of heads. */
function surplus<K>(a: readonly Head[], b: readonly Head[], kindOf: (head: Head) => K): number {
  const more = new Map<K, number>();
  const count = (list: readonly Head[], weight: number): void => {
    for (const head of list) more.set(kindOf(head), (more.get(kindOf(head)) ?? 0) + weight);
  };
  // Whole numbers until the end, so that equal shares give exactly 0.
  count(a, b.length);
  count(b, -a.length);
  let sum = 0;
  for (const difference of more.values()) sum += Math.abs(difference);
  return sum / (a.length * b.length);
}

/**
 * `editDistance` from one of the points, by number, to each of them, (points,). Equal layers, head lists and stacks are
 * compared once: this makes layouts of thousands of designs affordable.
 */
export function distancesAmong(points: readonly DesignPoint[]): (from: number) => Float64Array {
  const numbers = numberer((layer: DesignPoint['layers'][number]) =>
    designKey({ layers: [layer] }),
  );
  const designs = points.map(({ layers }) => layers.map(numbers.of));
  const rowOf = layerRows(numbers.different);
  return (from) => {
    const own = (designs[from] as number[]).map(rowOf);
    return Float64Array.from(designs, (other) =>
      aligned(
        own,
        other,
        (row, number) => row[number] as number,
        () => editCosts.layer,
      ),
    );
  };
}

/** The numbers of the `count` least distances, without `self`; the lower number first if they are equal. */
export function nearest(distances: Float64Array, self: number, count: number): readonly number[] {
  return leastPlaces(distances, count + 1)
    .filter((number) => number !== self)
    .slice(0, count);
}

/** Distances from a layer, by number, to each layer. */
function layerRows(layers: readonly DesignPoint['layers'][number][]) {
  const heads = rowsAmong(
    layers.map((layer) => layer.heads),
    (list) => list.map(rankOf).sort().join(),
    headsDistance,
  );
  const stacks = rowsAmong(
    layers.map((layer) => layer.feedForward),
    String,
    stackDistance,
  );
  return memoize((number) => {
    const [headRow, stackRow] = [heads(number), stacks(number)];
    const { hidden } = layers[number] as DesignPoint['layers'][number];
    return Float64Array.from(
      layers,
      (other, i) => headRow(i) + stackRow(i) + hiddenDistance(hidden, other.hidden),
    );
  });
}

/** Distances from an item, by number, to another; computed once for equal items. */
function rowsAmong<T>(
  items: readonly T[],
  keyOf: (item: T) => string,
  distance: (a: T, b: T) => number,
): (from: number) => (to: number) => number {
  const numbers = numberer(keyOf);
  const each = items.map(numbers.of);
  const rowOf = memoize((number) =>
    Float64Array.from(numbers.different, (other) =>
      distance(numbers.different[number] as T, other),
    ),
  );
  return (from) => {
    const row = rowOf(each[from] as number);
    return (to) => row[each[to] as number] as number;
  };
}

/** Numbers items in the order of their first appearance; equal items have the same number. */
export function numberer<T>(keyOf: (item: T) => string) {
  const numbers = new Map<string, number>();
  const different: T[] = [];
  const of = (item: T): number => {
    const key = keyOf(item);
    const known = numbers.get(key);
    if (known !== undefined) return known;
    numbers.set(key, different.length);
    return different.push(item) - 1;
  };
  return { of, different };
}
