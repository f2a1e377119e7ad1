// The edit distance of two graphs by trying all ways to lay the nodes of one on those of the other: what the alignment of
// layers and the tree of operations are checked against. Exponential.
import { editCosts } from '../../../../src/lab/search/design-space/edit-distance.ts';
import {
  type DesignGraph,
  type DesignNode,
  graphOf,
} from '../../../../src/lab/search/design-space/graph.ts';
import type { DesignPoint } from '../../../../src/models/design-point.ts';

type Kind = 'join' | 'head' | 'feed-forward';

/** What is laid somewhere: a node, or a piece of a head, cut so that all layers have as many pieces. */
interface Block {
  readonly node: number;
  readonly label: string;
  readonly kind: Kind;
  readonly layer: number;
  /** Heads of its layer. */
  readonly heads: number;
}

/** `pieces` of heads in each layer: a multiple of the heads of all. */
export function distanceByTrial(a: DesignPoint, b: DesignPoint, pieces: number): number {
  const [one, other] = [graphOf(a), graphOf(b)];
  const [from, to] = [blocksOf(one, pieces), blocksOf(other, pieces)];
  const [before, after] = [reachable(one), reachable(other)];
  let least = Number.POSITIVE_INFINITY;
  // Where each block so far was laid: on a block of the other graph, or nowhere.
  const laid: (Block | undefined)[] = [];

  /** No two blocks on one, those of a layer together, and each order of two blocks kept. */
  function fits(block: Block, target: Block): boolean {
    return laid.every((place, i) => {
      const earlier = from[i] as Block;
      if (!place) return !(earlier.kind === 'join' && earlier.layer === block.layer);
      return (
        place !== target &&
        (earlier.layer === block.layer) === (place.layer === target.layer) &&
        before(earlier.node, block.node) === after(place.node, target.node) &&
        before(block.node, earlier.node) === after(target.node, place.node)
      );
    });
  }

  /** What it costs to lay a block nowhere. All of a layer goes with its join; pieces of heads do not go alone. */
  function removal({ kind, layer }: Block): number {
    if (kind === 'join') return editCosts.layer;
    const join = from.findIndex((other) => other.kind === 'join' && other.layer === layer);
    if (laid[join] === undefined) return 0;
    return kind === 'head' ? Number.POSITIVE_INFINITY : editCosts.feedForward;
  }

  function tryAll(cost: number): void {
    if (cost >= least) return;
    const block = from[laid.length];
    if (!block) {
      least = Math.min(least, cost + leftOver(to, laid));
      return;
    }
    const targets = to.filter((target) => target.kind === block.kind && fits(block, target));
    for (const target of [...targets, undefined]) {
      const step = target ? exchange(block, target, pieces) : removal(block);
      laid.push(target);
      tryAll(cost + step);
      laid.pop();
    }
  }

  tryAll(0);
  return least;
}

/** Of each layer, the node that joins its heads comes first. The one that ends a layer says nothing new and is left out. */
function blocksOf({ nodes }: DesignGraph, pieces: number): readonly Block[] {
  const layers = [...new Set(nodes.map(({ layer }) => layer))].filter(
    (layer) => layer !== undefined,
  );
  return layers.flatMap((layer) => {
    const own = [...nodes.entries()].filter(([, node]) => node.layer === layer);
    const ofKind = (kind: Kind) => own.filter(([, node]) => kindOf(node) === kind);
    const heads = ofKind('head').length;
    const blocks = (kind: Kind, some: typeof own) =>
      some.map(([node, { label }]) => ({ node, label, kind, layer, heads }));
    const cut = blocks('head', ofKind('head')).flatMap((head) =>
      Array.from({ length: pieces / heads }, () => ({ ...head })),
    );
    const joins = blocks('join', ofKind('join')).slice(0, 1);
    return [...joins, ...cut, ...blocks('feed-forward', ofKind('feed-forward'))];
  });
}

function kindOf({ label }: DesignNode): Kind {
  if (label.startsWith('add-norm')) return 'join';
  return label.startsWith('feed-forward') ? 'feed-forward' : 'head';
}

function exchange(block: Block, target: Block, pieces: number): number {
  const { hidden, headCount, feedForward, sameFamily, otherFamily } = editCosts;
  const same = block.label === target.label;
  switch (block.kind) {
    case 'feed-forward':
      return same ? 0 : feedForward;
    case 'join':
      return (same ? 0 : hidden) + (block.heads === target.heads ? 0 : headCount);
    case 'head': {
      const family = block.label.split('-')[0] as string;
      if (same) return 0;
      return (target.label.startsWith(family) ? sameFamily : otherFamily) / pieces;
    }
  }
}

/** What it costs to put in the blocks on which nothing was laid. */
function leftOver(to: readonly Block[], laid: readonly (Block | undefined)[]): number {
  const used = new Set(laid);
  const kept = to.filter((block) => block.kind === 'join' && used.has(block));
  const layers = new Set(kept.map(({ layer }) => layer));
  const costs: number[] = to
    .filter((block) => !used.has(block))
    .map(({ kind, layer }) => {
      if (kind === 'join') return editCosts.layer;
      return kind === 'feed-forward' && layers.has(layer) ? editCosts.feedForward : 0;
    });
  return costs.reduce((sum, cost) => sum + cost, 0);
}

function reachable({ nodes, edges }: DesignGraph): (from: number, to: number) => boolean {
  const beyond = nodes.map(() => new Set<number>());
  // Edges lead to later nodes, so the last node's ways are known first.
  for (const [from, to] of [...edges].sort((a, b) => b[0] - a[0])) {
    beyond[from]?.add(to);
    for (const next of beyond[to] ?? []) beyond[from]?.add(next);
  }
  return (from, to) => beyond[from]?.has(to) ?? false;
}
