// How far apart two designs are: the least cost of turning one graph into the other by edits that keep the nodes of a layer
// together and layers in order. Exact, since layers then align like letters of two words, O(layers^2).
// The idea is Transformer2vec's, of Tuli et al. 2023, "FlexiBERT: are current transformer architectures too homogeneous
// and rigid?"
//
// Departs from FlexiBERT: an operation is another one or it is not, where theirs are as far apart as their places in a
// list; heads count by the share of the layer's width that they hold, so that one layer of 4 heads weighs as much as one of
// 2; distances are computed, where theirs are interpolated from 1 % of them.
import type { DesignPoint, EncoderLayer, Head } from '../../../models/design-point.ts';
import { rankOf } from './heads.ts';

/** A metric with these: a layer that comes or goes costs the same whatever it holds. */
export const editCosts = {
  /** All heads of a layer do something else of the same kind, e.g. another form of attention. */
  sameFamily: 3,
  otherFamily: 6,
  headCount: 2,
  hidden: 3,
  /** A feed-forward layer comes, goes, or gets another width. */
  feedForward: 2,
  layer: 9,
} as const;

/**
 * Zero for the same design only, symmetric, and never longer than by way of a third one; of designs of spaces, whose heads
 * have no width of their own.
 */
export function editDistance(a: DesignPoint, b: DesignPoint): number {
  return aligned(a.layers, b.layers, layerDistance, editCosts.layer);
}

/** What `a` and `b` cost to align: in order, an exchange costs what it costs, putting in or taking out `gap`. */
export function aligned<A, B>(
  a: readonly A[],
  b: readonly B[],
  exchange: (a: A, b: B) => number,
  gap: number,
): number {
  // Of the items of a so far to each beginning of b.
  const costs = Array.from({ length: b.length + 1 }, (_, j) => j * gap);
  for (const item of a) {
    let diagonal = costs[0] as number;
    let left = diagonal + gap;
    costs[0] = left;
    for (let j = 0; j < b.length; j++) {
      const above = costs[j + 1] as number;
      left = Math.min(diagonal + exchange(item, b[j] as B), above + gap, left + gap);
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

export function hiddenDistance(a: number, b: number): number {
  return a === b ? 0 : editCosts.hidden;
}

export function stackDistance(a: readonly number[], b: readonly number[]): number {
  const { feedForward } = editCosts;
  return aligned(a, b, (one, other) => (one === other ? 0 : feedForward), feedForward);
}

/**
 * The cheapest assignment of shares of heads to shares of heads. Operations are leaves of a tree of families, and on a tree
 * each edge is crossed by what is more on one side of it.
 * Evans and Matsen 2012, "The phylogenetic Kantorovich-Rubinstein metric for environmental sequence samples".
 */
export function headsDistance(a: readonly Head[], b: readonly Head[]): number {
  const { sameFamily, otherFamily, headCount } = editCosts;
  // Half the way from one operation to another, below and above the family.
  const within = sameFamily / 2;
  const between = (otherFamily - sameFamily) / 2;
  return (
    within * surplus(a, b, rankOf) +
    between * surplus(a, b, ({ op }) => op) +
    (a.length === b.length ? 0 : headCount)
  );
}

/** Sum over kinds of heads of how much their shares differ. */
function surplus<K>(a: readonly Head[], b: readonly Head[], kindOf: (head: Head) => K): number {
  const more = new Map<K, number>();
  const count = (list: readonly Head[], weight: number): void => {
    for (const head of list) more.set(kindOf(head), (more.get(kindOf(head)) ?? 0) + weight);
  };
  // Whole numbers until the end, so that equal shares leave exactly nothing.
  count(a, b.length);
  count(b, -a.length);
  let sum = 0;
  for (const difference of more.values()) sum += Math.abs(difference);
  return sum / (a.length * b.length);
}
