// A design as a graph of labelled blocks, as FlexiBERT sees it: for surrogates of graphs, and what keys and edit distances of
// designs are checked against.
// Tuli et al. 2023, "FlexiBERT: are current transformer architectures too homogeneous and rigid?"

import { type DesignPoint, nameOf } from '../../../models/design-point.ts';
import { ownHeadWidth } from './design-key.ts';

/** Directed, without circles. */
export interface DesignGraph {
  readonly nodes: readonly DesignNode[];
  readonly edges: readonly (readonly [from: number, to: number])[];
}

export interface DesignNode {
  /** What the block does, e.g. `attention-scaled`, `add-norm-32`, `feed-forward-64`. */
  readonly label: string;
  /** The layer it belongs to, from 0; undefined for input and output. */
  readonly layer?: number;
}

/**
 * Input, then for each layer its heads side by side, what joins them, its feed-forward layers one after the other, and what
 * ends it; then output. What joins and ends a layer carries its width and also takes what went in (the residuals).
 */
export function graphOf({ layers }: DesignPoint): DesignGraph {
  const nodes: DesignNode[] = [];
  const edges: [number, number][] = [];
  const put = (node: DesignNode, ...inputs: readonly number[]): number => {
    const number = nodes.push(node) - 1;
    for (const input of inputs) edges.push([input, number]);
    return number;
  };
  let last = put({ label: 'input' });
  for (const [layer, point] of layers.entries()) {
    const { hidden, heads, feedForward } = point;
    const input = last;
    const own = ownHeadWidth(point);
    const mixed = heads.map((head) =>
      put({ label: own === undefined ? nameOf(head) : `${nameOf(head)}/${own}`, layer }, input),
    );
    const sum = { label: `add-norm-${hidden}`, layer };
    const joined = put(sum, input, ...mixed);
    const fed = feedForward.reduce(
      (from, width) => put({ label: `feed-forward-${width}`, layer }, from),
      joined,
    );
    last = put(sum, joined, fed);
  }
  put({ label: 'output' }, last);
  return { nodes, edges };
}
