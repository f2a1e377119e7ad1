import { feedForwardWeights, lightest } from '../blocks.ts';
import { type Mode, unchanged } from './mode.ts';

/** Narrower ones say nothing. */
const LEAST_WIDTH = 8;

/** The feed-forward layers with the least weights lose their last columns. */
export const pruneFeedForward: Mode = {
  grows: false,
  offspring(parent, { options: { prunedColumns, prunedLayers }, tried }) {
    const { layers } = parent.point;
    const chosen = lightest(feedForwardWeights(parent))
      .filter(
        ({ layer, index }) =>
          (layers[layer]?.feedForward[index] ?? 0) - prunedColumns >= LEAST_WIDTH,
      )
      .slice(0, prunedLayers);
    const change = chosen
      .map(
        ({ layer, index }) => `layer ${layer + 1} - ${prunedColumns} of feed-forward ${index + 1}`,
      )
      .join(', ');
    if (chosen.length === 0 || tried.has(change)) return [];
    const narrowed = layers.map((layer, place) => ({
      ...layer,
      feedForward: layer.feedForward.map((width, index) =>
        chosen.some((one) => one.layer === place && one.index === index)
          ? width - prunedColumns
          : width,
      ),
    }));
    return [{ point: { layers: narrowed }, lineage: unchanged(parent.point), change }];
  },
};
