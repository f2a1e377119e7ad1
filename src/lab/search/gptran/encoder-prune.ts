// The pruning modes of a growth of encoders: each removes the parts of a trained network whose weights are smallest.
import { type DesignPoint, type EncoderLayer, headWidthOf } from '../../../models/design-point.ts';
import { cut } from '../../../models/transfer/block.ts';
import type { LayerLineage, Lineage } from '../../../models/transfer/lineage.ts';
import { type Piece, piecesOf } from '../../../models/transfer/pieces.ts';
import type { Relative } from '../../../models/transfer/transfer-weights.ts';
import type { Mode } from './contract.ts';
import { type BlockWeight, LEAST_WIDTH, lightest, meanSquare } from './mode.ts';
import type { GrowthOptions } from './options.ts';

interface PruningOptions extends GrowthOptions {
  readonly prunedHeads: number;
  readonly prunedColumns: number;
  readonly prunedLayers: number;
}

type PruningMode = Mode<DesignPoint, Lineage, PruningOptions>;

/** The lineage of an unchanged design. */
export function unchanged({ layers }: DesignPoint): LayerLineage[] {
  return layers.map(({ heads }, layer) => ({ layer, heads: [...heads.keys()] }));
}

/** Replaces a layer of the design; `heads` is the lineage of its heads if they have moved. */
export function withLayer(
  parent: DesignPoint,
  place: number,
  layer: EncoderLayer,
  heads: readonly (number | undefined)[] = [...layer.heads.keys()],
): { readonly point: DesignPoint; readonly lineage: Lineage } {
  return {
    point: { ...parent, layers: parent.layers.with(place, layer) },
    lineage: unchanged(parent).with(place, { layer: place, heads }),
  };
}

/** The layer with other heads of the same width; `headWidth` is set only if the heads do not divide the layer's width. */
export function withHeads(layer: EncoderLayer, heads: EncoderLayer['heads']): EncoderLayer {
  const { headWidth: _, ...rest } = layer;
  const headWidth = headWidthOf(layer);
  const same = { ...rest, heads };
  return heads.length * headWidth === layer.hidden ? same : { ...same, headWidth };
}

/** Removes the heads with the smallest weights; each layer keeps one. */
export const pruneHead: PruningMode = {
  grows: false,
  offspring(parent, { options, tried }) {
    const dropped = chosen(parent.point, lightest(headWeights(parent)), options.prunedHeads);
    const change = dropped
      .map(({ layer, index }) => `layer ${layer + 1} - head ${index + 1}`)
      .join(', ');
    if (dropped.length === 0 || tried.has(change)) return [];
    const kept = unchanged(parent.point).map(({ layer, heads }) => ({
      layer,
      heads: heads.filter(
        (head) => !dropped.some((one) => one.layer === layer && one.index === head),
      ),
    }));
    const layers = parent.point.layers.map((layer, place) => {
      const left = new Set(kept[place]?.heads);
      return withHeads(
        layer,
        layer.heads.filter((_, head) => left.has(head)),
      );
    });
    return [{ point: { ...parent.point, layers }, lineage: kept, change }];
  },
};

function chosen({ layers }: DesignPoint, heads: readonly BlockWeight[], most: number) {
  const left = layers.map(({ heads: { length } }) => length);
  const dropped: BlockWeight[] = [];
  for (const head of heads) {
    const count = left[head.layer] as number;
    if (dropped.length === most || count === 1) continue;
    left[head.layer] = count - 1;
    dropped.push(head);
  }
  return dropped;
}

/** Removes the last columns of the feed-forward layers with the smallest weights. */
export const pruneFeedForward: PruningMode = {
  grows: false,
  offspring(parent, { options: { prunedColumns, prunedLayers }, tried }) {
    const { layers } = parent.point;
    const chosen = lightest(feedForwardWeights(parent))
      .filter(
        ({ layer, index }) =>
          (layers[layer]?.feedForward[index] ?? 0) - prunedColumns >= LEAST_WIDTH,
      )
      .slice(0, prunedLayers);
    const change = chosen
      .map(
        ({ layer, index }) => `layer ${layer + 1} - ${prunedColumns} of feed-forward ${index + 1}`,
      )
      .join(', ');
    if (chosen.length === 0 || tried.has(change)) return [];
    const narrowed = layers.map((layer, place) => ({
      ...layer,
      feedForward: layer.feedForward.map((width, index) =>
        chosen.some((one) => one.layer === place && one.index === index)
          ? width - prunedColumns
          : width,
      ),
    }));
    const point = { ...parent.point, layers: narrowed };
    return [{ point, lineage: unchanged(parent.point), change }];
  },
};

/** Removes the last columns of the layer with the smallest weights; its heads shrink with it. */
export const pruneWidth: PruningMode = {
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

/** If the heads do not divide the width, each gets the rounded-down share. */
function narrowed({ headWidth: _, ...layer }: EncoderLayer, hidden: number): EncoderLayer {
  const shared = hidden / layer.heads.length;
  const fits = Number.isInteger(shared);
  return { ...layer, hidden, ...(!fits && { headWidth: Math.max(1, Math.floor(shared)) }) };
}

/** Weight of each head: the mean of the mean squares of query, key, value etc., without the output projection, as in EdgeTran. */
function headWeights(network: Relative): readonly BlockWeight[] {
  const own = /^\w+-\w+\.\w+\.(weights|taps)$/;
  return weighed(network, ({ role, heads: [head, other = head] }) =>
    own.test(role) && head === other ? head : undefined,
  );
}

/** Weight of the inputs of each feed-forward layer. */
function feedForwardWeights(network: Relative): readonly BlockWeight[] {
  return weighed(network, ({ role }) => {
    const [, number] = /^feed(\d+)\.weights$/.exec(role) ?? [];
    return number === undefined ? undefined : Number(number) - 1;
  });
}

/** `indexOf` says which block of its layer a piece belongs to; undefined = to none. */
function weighed(
  { point, tensors }: Relative,
  indexOf: (piece: Piece) => number | undefined,
): readonly BlockWeight[] {
  const named = Object.entries(tensors).map(([name, { shape }]) => ({ name, shape }));
  const squares = new Map<string, { layer: number; index: number; means: number[] }>();
  for (const piece of piecesOf(point, named)) {
    const { layer } = piece;
    const index = indexOf(piece);
    if (layer === undefined || index === undefined) continue;
    const name = `${layer}.${index}`;
    const block = squares.get(name) ?? { layer, index, means: [] };
    block.means.push(meanSquare(numbersOf(piece, tensors)));
    squares.set(name, block);
  }
  return [...squares.values()].map(({ means, ...block }) => ({
    ...block,
    weight: means.reduce((sum, mean) => sum + mean, 0) / means.length,
  }));
}

function numbersOf({ tensor, stretches }: Piece, tensors: Relative['tensors']): Float64Array {
  const corner = { shape: tensor.shape, starts: stretches.map(({ start }) => start) };
  const sizes = stretches.map(({ size }) => size);
  return cut(tensors[tensor.name]?.data ?? [], corner, sizes).data;
}
