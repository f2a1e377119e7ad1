import { LIMITS } from '../../../../models/design-point.ts';
import { drawn, type Mode, withLayer } from './mode.ts';

/** One feed-forward layer more at the end of any stack whose last layer is no wider than one that may be appended. */
export const growFeedForward: Mode = {
  grows: true,
  offspring({ point }, context) {
    const widths = context.options.feedForward;
    const widest = Math.max(...widths);
    const all = point.layers.flatMap((layer, place) => {
      const { feedForward } = layer;
      if (feedForward.length === LIMITS.stack || (feedForward.at(-1) ?? 0) > widest) return [];
      return widths.map((width) => ({
        ...withLayer(point, place, { ...layer, feedForward: [...feedForward, width] }),
        change: `layer ${place + 1} + feed-forward ${width}`,
      }));
    });
    return drawn(all, context);
  },
};
