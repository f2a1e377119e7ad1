// Heads by name, in the order that all lists of heads keep.
import {
  type EncoderLayer,
  HEADS,
  type Head,
  type HeadName,
  headWidthOf,
  nameOf,
} from '../../../models/design-point.ts';

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

/** Width of heads that do not share out the width of their layer, which is what those of a space do. */
export function ownHeadWidth(layer: EncoderLayer): number | undefined {
  const width = headWidthOf(layer);
  return width * layer.heads.length === layer.hidden ? undefined : width;
}
