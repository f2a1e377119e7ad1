// Which parts of a network come from which parts of another, and how much of each.
import { type DesignPoint, type EncoderLayer, type Head, nameOf } from '../design-point.ts';
import { product } from './block.ts';
import type { Piece } from './pieces.ts';

/** For a layer of the child: its layer in the parent, and for each of its heads the head there; 0-based. */
export interface LayerLineage {
  readonly layer: number;
  readonly heads: readonly (number | undefined)[];
}

/** Layer by layer of the child; undefined = new. */
export type Lineage = readonly (LayerLineage | undefined)[];

/** Layers in their order; in each the first head of a kind comes from the first of that kind, and so on. */
export function lineageOf(parent: DesignPoint, child: DesignPoint): Lineage {
  return child.layers.map(({ heads }, layer) => {
    const from = parent.layers[layer];
    return from && { layer, heads: matchedHeads(from, heads) };
  });
}

function matchedHeads({ heads: from }: EncoderLayer, heads: readonly Head[]) {
  const taken = new Set<number>();
  return heads.map((head) => {
    const found = from.findIndex((other, i) => !taken.has(i) && nameOf(other) === nameOf(head));
    if (found < 0) return undefined;
    taken.add(found);
    return found;
  });
}

/**
 * What happens when widths differ. `ordered`: the leading rows and columns are copied. `projected`: a Gaussian matrix R
 * leads from the old width to the new one. It is the same for all readers and writers of the same vectors, so that on average
 * they read what was written (E[R^T R] = 1). Gains and taps, which weigh single columns, are not changed.
 */
export type TransferMode = 'ordered' | 'projected';

export interface Pair {
  readonly old: Piece;
  readonly now: Piece;
}

export function pairsOf(
  from: readonly Piece[],
  to: readonly Piece[],
  lineage: Lineage,
): readonly Pair[] {
  const known = new Map(from.map((piece) => [pieceName(piece), piece]));
  return to.flatMap((now) => {
    const old = known.get(ancestor(now, lineage) ?? '');
    return old ? { old, now } : [];
  });
}

function pieceName({ layer, role, heads }: Pick<Piece, 'layer' | 'role' | 'heads'>): string {
  return `${layer}|${role}|${heads}`;
}

function ancestor({ layer, role, heads }: Piece, lineage: Lineage): string | undefined {
  if (layer === undefined) return pieceName({ layer, role, heads });
  const from = lineage[layer];
  const old = heads.map((head) => from?.heads[head]);
  if (!from || old.includes(undefined)) return undefined;
  return pieceName({ layer: from.layer, role, heads: old as number[] });
}

/** Number of weights of the new piece that come from the old one. */
export function sharedBy({ old, now }: Pair, mode: TransferMode): number {
  const sizes = now.stretches.map(({ size, along }, i) => ({
    ...{ size, along },
    before: old.stretches[i]?.size ?? 0,
  }));
  if (sizes.some(({ along, size, before }) => along === 'fixed' && size !== before)) return 0;
  const alike = sizes.every(({ size, before }) => size === before);
  if (mode === 'projected' && !alike && /\.(gain|taps)$/.test(now.role)) return 0;
  return product(
    sizes.map(({ size, before }) => (mode === 'projected' ? size : Math.min(size, before))),
  );
}
