// Where a growth goes on after a round.
import type { GrowthNode, GrowthRound, GrowthTree } from './contract.ts';
import { modeAfter, modes } from './modes/index.ts';
import { bestOf, scoreOf } from './scores.ts';

/** The tree with the children of a round, what came of it, and what is next or why nothing is. */
export function withRound(tree: GrowthTree, children: readonly GrowthNode[]): GrowthTree {
  const { next, options } = tree;
  const outcome = outcomeOf(tree, children);
  const round = {
    mode: next.mode,
    parent: next.node,
    children: children.map(({ id }) => id),
    outcome,
  };
  const grown = { ...tree, nodes: [...tree.nodes, ...children], rounds: [...tree.rounds, round] };
  const following = { ...grown, next: nextOf(grown, children, outcome) };
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

function outcomeOf(tree: GrowthTree, children: readonly GrowthNode[]): GrowthRound['outcome'] {
  const { grows } = modes[tree.next.mode];
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
): GrowthTree['next'] {
  const { next, options } = tree;
  switch (outcome) {
    case 'better':
    case 'kept': {
      const node = bestOf(tree, children)?.id ?? next.node;
      return { node, mode: modeAfter(next.mode, options) };
    }
    case 'idle':
      return { node: next.node, mode: modeAfter(next.mode, options) };
    case 'back':
      return wayBack(tree);
  }
}

/** To the best of the start, the best of all and what was grown and never gone on with, but for where it is now. */
function wayBack(tree: GrowthTree): GrowthTree['next'] {
  const { nodes, rounds, options, next } = tree;
  const best = bestOf(tree, nodes)?.id;
  const visited = new Set(rounds.map(({ parent }) => parent));
  const isOpen = ({ id, mode }: GrowthNode): boolean =>
    id === 0 || id === best || (mode !== undefined && modes[mode].grows && !visited.has(id));
  const open = nodes.filter((node) => isOpen(node) && node.id !== next.node);
  const { id, mode } = bestOf(tree, open) ?? (nodes[next.node] as GrowthNode);
  const last = rounds.findLast(({ parent }) => parent === id)?.mode;
  return { node: id, mode: modeAfter(last ?? mode, options) };
}
