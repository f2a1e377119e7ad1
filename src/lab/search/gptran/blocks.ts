// How much the parts of a trained network matter: a part whose weights are small can go.
import { cut } from '../../../models/transfer/block.ts';
import { type Piece, piecesOf } from '../../../models/transfer/pieces.ts';
import type { Relative } from '../../../models/transfer/transfer-weights.ts';

/** A head, or a feed-forward layer, of a layer; 0-based. */
export interface BlockWeight {
  readonly layer: number;
  readonly index: number;
  /** Mean square of its weights. */
  readonly weight: number;
}

/** What a head has beside its way out, e.g. query, key and value: the mean of their mean squares. EdgeTran has it so. */
export function headWeights(network: Relative): readonly BlockWeight[] {
  const own = /^\w+-\w+\.\w+\.(weights|taps)$/;
  return weighed(network, ({ role, heads: [head, other = head] }) =>
    own.test(role) && head === other ? head : undefined,
  );
}

/** What leads into each feed-forward layer. */
export function feedForwardWeights(network: Relative): readonly BlockWeight[] {
  return weighed(network, ({ role }) => {
    const [, number] = /^feed(\d+)\.weights$/.exec(role) ?? [];
    return number === undefined ? undefined : Number(number) - 1;
  });
}

/** Least first; equal ones in their order. */
export function lightest(blocks: readonly BlockWeight[]): readonly BlockWeight[] {
  return blocks.toSorted((a, b) => a.weight - b.weight || a.layer - b.layer || a.index - b.index);
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
    block.means.push(meanSquare(piece, tensors));
    squares.set(name, block);
  }
  return [...squares.values()].map(({ means, ...block }) => ({
    ...block,
    weight: means.reduce((sum, mean) => sum + mean, 0) / means.length,
  }));
}

function meanSquare({ tensor, stretches }: Piece, tensors: Relative['tensors']): number {
  const corner = { shape: tensor.shape, starts: stretches.map(({ start }) => start) };
  const sizes = stretches.map(({ size }) => size);
  const { data } = cut(tensors[tensor.name]?.data ?? [], corner, sizes);
  return data.reduce((sum, value) => sum + value * value, 0) / data.length;
}
