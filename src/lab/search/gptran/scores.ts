// Which of the networks of a tree is better, and which it comes to.
import type { GrowthNode, GrowthTree, TrainedChild } from './contract.ts';

type TrainedNode = GrowthNode & { readonly trained: TrainedChild };

/** Lower is better: loss and weighted cost, each as a share of the start's; infinite where the training diverged. */
export function scoreOf(tree: GrowthTree, { cost, trained }: GrowthNode): number {
  const [start] = tree.nodes;
  if (!trained || !start?.trained) return Number.POSITIVE_INFINITY;
  return trained.loss / start.trained.loss + (tree.options.costWeight * cost) / start.cost;
}

/** The first of the best; undefined where none was trained. */
export function bestOf(tree: GrowthTree, nodes: readonly GrowthNode[]): TrainedNode | undefined {
  const trained = nodes.filter((node): node is TrainedNode => node.trained !== undefined);
  return trained.toSorted((a, b) => scoreOf(tree, a) - scoreOf(tree, b) || a.id - b.id)[0];
}

export interface GrowthResult {
  readonly chosen: GrowthNode;
  /** Whether it is better at no more cost, or cheaper at no more loss, by the loss that it is chosen by. */
  readonly improved: boolean;
  /** Says how many networks it is the best of: the lowest of many losses is lower than on rows that choose nothing. */
  readonly reason: string;
}

/**
 * The best of the networks that take nothing away from the control (the start after as many steps as they had); the start
 * itself where there are none. Throws `RangeError` while the growth goes on.
 */
export function resultOf(tree: GrowthTree): GrowthResult {
  const { nodes, control } = tree;
  const [start] = nodes;
  if (!start || control === undefined)
    throw new RangeError('the growth goes on: there is no result yet');
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
    const reason = `none of ${nodes.length - 1} networks is better at no more cost, or cheaper at no more loss, than the start trained as long: the start stays`;
    return { chosen: start, improved: false, reason };
  }
  const gain = `loss ${change(control.loss, chosen.trained.loss)} beside the start trained as long, cost ${change(start.cost, chosen.cost)}`;
  const reason = `${gain}; chosen of ${nodes.length - 1} networks by that loss, so other rows tell how much of it is luck`;
  return { chosen, improved: true, reason };
}

function change(before: number, after: number): string {
  const percent = (100 * (after - before)) / before;
  return `${percent > 0 ? '+' : ''}${percent.toFixed(1)} %`;
}
