import type { EncoderLayer } from '../../../../models/design-point.ts';
import { type BlockWeight, feedForwardWeights, headWeights } from '../blocks.ts';
import { type Mode, withLayer } from './mode.ts';

/** Narrower ones say nothing. */
const LEAST_WIDTH = 8;

/** The layer with the least weights loses its last columns, and its heads shrink with it. */
export const pruneWidth: Mode = {
  grows: false,
  offspring(parent, { options: { prunedColumns }, tried }) {
    const blocks = [...headWeights(parent), ...feedForwardWeights(parent)];
    const order = parent.point.layers
      .map((layer, place) => ({ layer, place, weight: meanWeight(blocks, place) }))
      .filter(({ layer }) => layer.hidden - prunedColumns >= LEAST_WIDTH)
      .sort((a, b) => a.weight - b.weight || a.place - b.place);
    const [lightest] = order;
    if (!lightest) return [];
    const { layer, place } = lightest;
    const change = `layer ${place + 1} - ${prunedColumns} columns`;
    if (tried.has(change)) return [];
    const narrow = narrowed(layer, layer.hidden - prunedColumns);
    return [{ ...withLayer(parent.point, place, narrow), change }];
  },
};

function meanWeight(blocks: readonly BlockWeight[], place: number): number {
  const own = blocks.filter(({ layer }) => layer === place);
  return own.reduce((sum, { weight }) => sum + weight, 0) / own.length;
}

/** Heads that would not share out the width have the whole part of it. */
function narrowed({ headWidth: _, ...layer }: EncoderLayer, hidden: number): EncoderLayer {
  const shared = hidden / layer.heads.length;
  const fits = Number.isInteger(shared);
  return { ...layer, hidden, ...(!fits && { headWidth: Math.max(1, Math.floor(shared)) }) };
}
