// Which piece of one network comes from which of another, and how much of it.
import { product } from './block.ts';
import type { Lineage } from './lineage.ts';
import type { Piece } from './pieces.ts';

/**
 * What happens where widths differ. `ordered`: the leading rows and columns are copied. `projected`: a Gaussian matrix R
 * leads from the old width to the new one, the same wherever the same vectors are read or written, so that what is read
 * is on average what was (E[R^T R] = 1); gains and taps, which weigh columns one by one, are left as they are.
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
  const known = new Map(from.map((piece) => [nameOf(piece), piece]));
  return to.flatMap((now) => {
    const old = known.get(ancestor(now, lineage) ?? '');
    return old ? { old, now } : [];
  });
}

function nameOf({ layer, role, heads }: Pick<Piece, 'layer' | 'role' | 'heads'>): string {
  return `${layer}|${role}|${heads}`;
}

function ancestor({ layer, role, heads }: Piece, lineage: Lineage): string | undefined {
  if (layer === undefined) return nameOf({ layer, role, heads });
  const from = lineage[layer];
  const old = heads.map((head) => from?.heads[head]);
  if (!from || old.includes(undefined)) return undefined;
  return nameOf({ layer: from.layer, role, heads: old as number[] });
}

/** Weights of the new piece that the old one can give. */
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
