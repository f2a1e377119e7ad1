import type { Random } from '../../../../engine/random.ts';
import type { DesignPoint, EncoderLayer } from '../../../../models/design-point.ts';
import { headWidthOf } from '../../../../models/design-point.ts';
import type { LayerLineage, Lineage } from '../../../../models/transfer/lineage.ts';
import type { Relative } from '../../../../models/transfer/transfer-weights.ts';
import type { Offspring } from '../contract.ts';
import type { GrowthOptions } from '../options.ts';

export interface ModeContext {
  readonly options: GrowthOptions;
  readonly random: Random;
  /** Patches of a window. */
  readonly patches: number;
  /** Changes that were tried with this parent. */
  readonly tried: ReadonlySet<string>;
}

/** What one round does to a network; no offspring where nothing is left to do. */
export interface Mode {
  /** Of growing rounds the best child is gone on with if it is the best of all; else there is a way back. */
  readonly grows: boolean;
  offspring(parent: Relative, context: ModeContext): readonly Offspring[];
}

/** At random and all different, of those that were not tried. */
export function drawn(
  all: readonly Offspring[],
  { random, tried, options: { samples } }: ModeContext,
): readonly Offspring[] {
  const left = all.filter(({ change }) => !tried.has(change));
  random.shuffle(left);
  return left.slice(0, samples);
}

/** All comes from where it was. */
export function unchanged({ layers }: DesignPoint): LayerLineage[] {
  return layers.map(({ heads }, layer) => ({ layer, heads: [...heads.keys()] }));
}

/** The design with another layer, and with other heads in its lineage if they are not where they were. */
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

/** The layer with other heads of the same width; told only where they do not share out the width of the layer. */
export function withHeads(layer: EncoderLayer, heads: EncoderLayer['heads']): EncoderLayer {
  const { headWidth: _, ...rest } = layer;
  const headWidth = headWidthOf(layer);
  const same = { ...rest, heads };
  return heads.length * headWidth === layer.hidden ? same : { ...same, headWidth };
}
