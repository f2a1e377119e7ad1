// Every option is a coordinate: the plain embedding that the learned one has to beat.
import type { EncoderLayer } from '../../../../models/design-point.ts';
import { rankOf } from '../heads.ts';
import { type DesignSpace, legalHeads } from '../space.ts';
import type { Embedding } from './embedding.ts';
import { pointsOf } from './rows.ts';

/**
 * For each layer: 1 at its width, at its number of heads, and at each width of its feed-forward stack; what its heads do as
 * shares of them. All 0 where a layer is not there.
 */
export const oneHot: Embedding = {
  kind: 'one-hot',
  summary: 'a coordinate for each option of each layer, without learning',
  embed: (points, space) => {
    const most = space.layers.at(-1) as number;
    return pointsOf(
      points.map(({ layers }) =>
        Array.from({ length: most }, (_, i) => layerRow(layers[i], space)).flat(),
      ),
    );
  },
};

function layerRow(layer: EncoderLayer | undefined, space: DesignSpace): readonly number[] {
  const stacked = Array.from({ length: space.stacks.at(-1) as number }, (_, j) =>
    oneOf(space.feedForward, layer?.feedForward[j]),
  );
  return [
    ...oneOf(space.hidden, layer?.hidden),
    ...oneOf(space.heads, layer?.heads.length),
    ...sharesOf(layer, space),
    ...stacked.flat(),
  ];
}

function oneOf(options: readonly number[], chosen: number | undefined): readonly number[] {
  return options.map((option) => Number(option === chosen));
}

function sharesOf(layer: EncoderLayer | undefined, space: DesignSpace): readonly number[] {
  const ranks = layer?.heads.map(rankOf) ?? [];
  return legalHeads(space).map((head) => {
    const rank = rankOf(head);
    return ranks.filter((other) => other === rank).length / Math.max(ranks.length, 1);
  });
}
