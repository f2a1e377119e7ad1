// One key for each design, independent of the order of its heads: two designs have the same key exactly if their graphs are
// isomorphic. Also the order that all lists of heads keep.
//
// Departs from FlexiBERT: a readable text instead of a hash of the colours of the nodes.
import {
  type DesignPoint,
  type EncoderLayer,
  HEADS,
  type Head,
  type HeadName,
  headWidthOf,
  headWidthsOf,
  nameOf,
} from '../../../models/design-point.ts';

/** Readable and unique, e.g. `32:attention-scaled+transform-dft:64,64|16:convolution-5:32`. */
export function designKey({ layers }: DesignPoint): string {
  return layers
    .map(
      (layer) =>
        `${widthsOf(layer)}:${ordered(layer.heads).map(headText).join('+')}:${layer.feedForward.join(',')}`,
    )
    .join('|');
}

/** The name, and the columns of queries and values where a compression has narrowed them. */
function headText(head: Head): string {
  const { query, value } = headWidthsOf(head, 0);
  return query + value === 0 ? nameOf(head) : `${nameOf(head)}(${query || ''}/${value || ''})`;
}

/** `32`, or `32/12` if heads of width 12 do not add up to the width of the layer. */
function widthsOf(layer: EncoderLayer): string {
  const own = ownHeadWidth(layer);
  return own === undefined ? `${layer.hidden}` : `${layer.hidden}/${own}`;
}

export const headNames: readonly HeadName[] = HEADS.map(nameOf);

const ranks = new Map(headNames.map((name, rank) => [name, rank]));

export function headOf(name: HeadName): Head {
  return HEADS[ranks.get(name) as number] as Head;
}

/** Place of a head in `headNames`. */
export function rankOf(head: Head): number {
  return ranks.get(nameOf(head)) as number;
}

/** The same heads in the order of `headNames`: what a layer computes does not depend on the order of its heads. */
export function ordered(list: readonly Head[]): Head[] {
  return [...list].sort((a, b) => rankOf(a) - rankOf(b));
}

/** Width of the heads if it differs from the layer's width divided by their number; designs of a space have none. */
export function ownHeadWidth(layer: EncoderLayer): number | undefined {
  const width = headWidthOf(layer);
  return width * layer.heads.length === layer.hidden ? undefined : width;
}
