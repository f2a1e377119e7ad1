// The interface of a growth mode, and what the modes share.
import type { Random } from '../../../engine/random.ts';
import { type DesignPoint, type EncoderLayer, headWidthOf } from '../../../models/design-point.ts';
import type { LayerLineage, Lineage } from '../../../models/transfer/lineage.ts';
import type { Relative } from '../../../models/transfer/transfer-weights.ts';
import type { Offspring } from './contract.ts';
import type { GrowthOptions } from './options.ts';

export interface ModeContext {
  readonly options: GrowthOptions;
  readonly random: Random;
  /** Patches of a window. */
  readonly patches: number;
  /** Changes already tried with this parent. */
  readonly tried: ReadonlySet<string>;
}

/** What one round does to a network; no offspring if no change is left. */
export interface Mode {
  /** Whether the mode grows the network: such a round backtracks unless its best child is the best of all. */
  readonly grows: boolean;
  offspring(parent: Relative, context: ModeContext): readonly Offspring[];
}

/** Random, different changes that were not tried yet. */
export function drawn(
  all: readonly Offspring[],
  { random, tried, options: { samples } }: ModeContext,
): readonly Offspring[] {
  const left = all.filter(({ change }) => !tried.has(change));
  random.shuffle(left);
  return left.slice(0, samples);
}

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
    point: { layers: parent.layers.with(place, layer) },
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
