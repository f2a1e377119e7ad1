// Scores of the networks of a tree, the choice of the next parent after a round, and the result of a growth.
import type {
  GrowthFamily,
  GrowthNode,
  GrowthRound,
  GrowthTree,
  TrainedChild,
} from './contract.ts';
import { modeAfter } from './mode.ts';

/** Adds the children of a round to the tree, with its outcome and the next round, or the reason why the growth ends. */
export function withRound(
  tree: GrowthTree,
  children: readonly GrowthNode[],
  family: GrowthFamily,
): GrowthTree {
  const { next, options } = tree;
  const outcome = outcomeOf(tree, children, family);
  const round = {
    mode: next.mode,
    parent: next.node,
    children: children.map(({ id }) => id),
    outcome,
  };
  const grown = { ...tree, nodes: [...tree.nodes, ...children], rounds: [...tree.rounds, round] };
  const following = { ...grown, next: nextOf(grown, children, outcome, family) };
  const vain =
    grown.rounds.length - 1 - grown.rounds.findLastIndex((one) => one.outcome === 'better');
  if (vain >= options.patience) {
    return { ...following, ended: `no network was better in ${vain} rounds` };
  }
  if (grown.rounds.length >= options.rounds) {
    return { ...following, ended: `${options.rounds} rounds are over` };
  }
  return following;
}

function outcomeOf(
  tree: GrowthTree,
  children: readonly GrowthNode[],
  family: GrowthFamily,
): GrowthRound['outcome'] {
  const grows = isGrowing(family, tree.next.mode);
  const child = bestOf(tree, children);
  const best = bestOf(tree, tree.nodes);
  if (child && best && scoreOf(tree, child) < scoreOf(tree, best)) return 'better';
  if (child && !grows) return 'kept';
  return children.length > 0 && grows ? 'back' : 'idle';
}

function nextOf(
  tree: GrowthTree,
  children: readonly GrowthNode[],
  outcome: GrowthRound['outcome'],
  family: GrowthFamily,
): GrowthTree['next'] {
  const { next, options } = tree;
  switch (outcome) {
    case 'better':
    case 'kept': {
      const node = bestOf(tree, children)?.id ?? next.node;
      return { node, mode: modeAfter(family, next.mode, options) };
    }
    case 'idle':
      return { node: next.node, mode: modeAfter(family, next.mode, options) };
    case 'back':
      return wayBack(tree, family);
  }
}

/** Backtracks to the best of: the start, the best node, and grown nodes that were never a parent; not to the current node. */
function wayBack(tree: GrowthTree, family: GrowthFamily): GrowthTree['next'] {
  const { nodes, rounds, options, next } = tree;
  const best = bestOf(tree, nodes)?.id;
  const visited = new Set(rounds.map(({ parent }) => parent));
  const isOpen = ({ id, mode }: GrowthNode): boolean =>
    id === 0 || id === best || (isGrowing(family, mode) && !visited.has(id));
  const open = nodes.filter((node) => isOpen(node) && node.id !== next.node);
  const { id, mode } = bestOf(tree, open) ?? (nodes[next.node] as GrowthNode);
  const last = rounds.findLast(({ parent }) => parent === id)?.mode;
  return { node: id, mode: modeAfter(family, last ?? mode, options) };
}

function isGrowing({ modes }: GrowthFamily, mode: string | undefined): boolean {
  return mode !== undefined && modes.get(mode)?.grows === true;
}

type TrainedNode = GrowthNode & { readonly trained: TrainedChild };

/** Lower is better: loss and weighted cost, each as a share of the start's value; infinite if the training diverged. */
export function scoreOf(tree: GrowthTree, { cost, trained }: GrowthNode): number {
  const [start] = tree.nodes;
  if (!trained || !start?.trained) return Number.POSITIVE_INFINITY;
  return trained.loss / start.trained.loss + (tree.options.costWeight * cost) / start.cost;
}

/** The first node of the best score; undefined if none was trained. */
function bestOf(tree: GrowthTree, nodes: readonly GrowthNode[]): TrainedNode | undefined {
  const trained = nodes.filter((node): node is TrainedNode => node.trained !== undefined);
  return trained.toSorted((a, b) => scoreOf(tree, a) - scoreOf(tree, b) || a.id - b.id)[0];
}

interface GrowthResult {
  readonly chosen: GrowthNode;
  /** Whether its loss is lower at no more cost, or its cost lower at no more loss; by the loss that the choice uses. */
  readonly improved: boolean;
  /** Names the number of networks compared: the lowest of many losses is biased downwards, so other rows must confirm it. */
  readonly reason: string;
}

/**
 * The best of the networks that are no worse than the control (the start after as many steps) in loss, and no dearer than
 * the start; the start itself if there are none. Throws `RangeError` while the growth runs.
 */
export function resultOf(tree: GrowthTree): GrowthResult {
  const { nodes, control } = tree;
  const [start] = nodes;
  if (!start || control === undefined)
    throw new RangeError('the growth is still running: there is no result yet');
  const gains = nodes
    .slice(1)
    .filter(
      ({ trained, cost }) =>
        trained &&
        trained.loss <= control.loss &&
        cost <= start.cost &&
        (trained.loss < control.loss || cost < start.cost),
    );
  const chosen = bestOf(tree, gains);
  if (!chosen) {
    const reason = `none of ${nodes.length - 1} networks has a lower loss at no more cost, or a lower cost at no more loss, than the start trained as long: the start is chosen`;
    return { chosen: start, improved: false, reason };
  }
  const gain = `loss ${change(control.loss, chosen.trained.loss)} against the start trained as long, cost ${change(start.cost, chosen.cost)}`;
  const reason = `${gain}; chosen from ${nodes.length - 1} networks by that loss: check it on other rows, part of it may be luck`;
  return { chosen, improved: true, reason };
}

function change(before: number, after: number): string {
  const percent = (100 * (after - before)) / before;
  return `${percent > 0 ? '+' : ''}${percent.toFixed(1)} %`;
}
