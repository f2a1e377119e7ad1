// The seven things a head may do, in the order that all lists of heads keep.
import { type EncoderLayer, type Head, headWidthOf, nameOf } from '../../../models/design-point.ts';

export const headNames = [
  'attention-scaled',
  'attention-multiplicative',
  'transform-dft',
  'transform-dct',
  'convolution-5',
  'convolution-9',
  'convolution-13',
] as const;

export type HeadName = (typeof headNames)[number];

const heads: Readonly<Record<HeadName, Head>> = {
  'attention-scaled': { op: 'attention', form: 'scaled' },
  'attention-multiplicative': { op: 'attention', form: 'multiplicative' },
  'transform-dft': { op: 'transform', basis: 'dft' },
  'transform-dct': { op: 'transform', basis: 'dct' },
  'convolution-5': { op: 'convolution', kernel: 5 },
  'convolution-9': { op: 'convolution', kernel: 9 },
  'convolution-13': { op: 'convolution', kernel: 13 },
};

const ranks = new Map<string, number>(headNames.map((name, rank) => [name, rank]));

export function headOf(name: HeadName): Head {
  return heads[name];
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
