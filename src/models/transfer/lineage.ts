// Which parts of a network come from which of another.
import { type DesignPoint, type EncoderLayer, type Head, nameOf } from '../design-point.ts';

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
