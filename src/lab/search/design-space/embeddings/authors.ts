// The embedding that EdgeTran's authors publish their measurements with: a number for each choice of each layer.
// Tuli and Jha 2024, "EdgeTran: device-aware co-search of transformers for efficient inference on mobile edge platforms";
// its layout is that of their data, 37 numbers for 12 layers.
import type { DesignPoint } from '../../../../models/design-point.ts';
import { designKey } from '../design-key.ts';
import { headOptions, stackOptions } from '../layer-options.ts';
import type { DesignSpace } from '../space.ts';
import type { Embedding } from './embedding.ts';
import { pointsOf } from './rows.ts';

/**
 * Which number of layers, then for each layer: which width, which feed-forward stack, which set of heads. All are places in
 * the lists of the space, from 0; layers that are not there are 0, 0, 0.
 */
export const authors: Embedding = {
  kind: 'authors',
  summary: "the authors' list of numbers: which width, stack and set of heads each layer has",
  embed: (points, space) => {
    const row = rowOf(space);
    return pointsOf(points.map(row));
  },
};

function rowOf(space: DesignSpace): (point: DesignPoint) => readonly number[] {
  const layersKey = (layer: DesignPoint['layers'][number]): string =>
    designKey({ layers: [layer] });
  const heads = space.heads.flatMap((count) => headOptions(space, count));
  const stackRanks = ranks(stackOptions(space).map(String));
  const headRanks = ranks(
    heads.map((list) => layersKey({ hidden: 0, heads: [...list], feedForward: [] })),
  );
  return ({ layers }) =>
    Array.from({ length: 1 + 3 * (space.layers.at(-1) as number) }, (_, i) => {
      if (i === 0) return space.layers.indexOf(layers.length);
      const layer = layers[Math.floor((i - 1) / 3)];
      if (!layer) return 0;
      return [
        space.hidden.indexOf(layer.hidden),
        stackRanks.get(String(layer.feedForward)) as number,
        headRanks.get(layersKey({ ...layer, hidden: 0, feedForward: [] })) as number,
      ][(i - 1) % 3] as number;
    });
}

function ranks(keys: readonly string[]): ReadonlyMap<string, number> {
  return new Map(keys.map((key, rank) => [key, rank]));
}
