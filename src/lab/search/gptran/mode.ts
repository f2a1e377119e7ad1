// What the modes of all families share.
import type { GrowthFamily, ModeContext, Offspring } from './contract.ts';
import type { GrowthOptions } from './options.ts';

/** Smallest width after pruning; narrower layers and vertices are not useful. */
export const LEAST_WIDTH = 8;

/** Random, different changes that were not tried yet. */
export function drawn<Design, Lineage>(
  all: readonly Offspring<Design, Lineage>[],
  { random, tried, options: { samples } }: ModeContext,
): readonly Offspring<Design, Lineage>[] {
  const left = all.filter(({ change }) => !tried.has(change));
  random.shuffle(left);
  return left.slice(0, samples);
}

/** The next mode of a growth; the first for undefined. */
export function modeAfter(
  family: GrowthFamily,
  mode: string | undefined,
  options: GrowthOptions,
): string {
  const order = family.order(options);
  const at = mode === undefined ? -1 : order.indexOf(mode);
  return order[(at + 1) % order.length] as string;
}

/** A part of a layer or of a cell; 0-based. */
export interface BlockWeight {
  readonly layer: number;
  readonly index: number;
  /** Mean square of its weights. */
  readonly weight: number;
}

/** Smallest weight first; equal ones in their order. */
export function lightest<Block extends BlockWeight>(blocks: readonly Block[]): readonly Block[] {
  return blocks.toSorted((a, b) => a.weight - b.weight || a.layer - b.layer || a.index - b.index);
}

export function meanSquare(values: Float32Array | Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value * value;
  return sum / values.length;
}
