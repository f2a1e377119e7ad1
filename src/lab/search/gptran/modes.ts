// The modes of a growth: what one round does. The growing modes are here, the pruning modes in prune-modes.ts.

import {
  type EncoderLayer,
  HEADS,
  type Head,
  LIMITS,
  nameOf,
} from '../../../models/design-point.ts';
import { drawn, type Mode, withHeads, withLayer } from './mode.ts';
import { type GrowthMode, type GrowthOptions, growthModes } from './options.ts';
import { pruneFeedForward, pruneHead, pruneWidth } from './prune-modes.ts';

/** Adds one head, of any kind, in any layer; the widths of heads and layer stay the same. */
const growHead: Mode = {
  grows: true,
  offspring(parent, context) {
    const all = parent.point.layers.flatMap((layer, place) =>
      layer.heads.length === LIMITS.heads
        ? []
        : HEADS.filter((head) => head.op !== 'convolution' || head.kernel <= context.patches).map(
            (head) => ({
              ...grown(parent.point, place, layer, head),
              change: `layer ${place + 1} + ${nameOf(head)}`,
            }),
          ),
    );
    return drawn(all, context);
  },
};

/** Inserts the head after the last head of its kind, so that they are computed together. */
function grown(
  point: Parameters<typeof withLayer>[0],
  place: number,
  layer: EncoderLayer,
  head: Head,
) {
  const last = layer.heads.findLastIndex((other) => nameOf(other) === nameOf(head));
  const at = last < 0 ? layer.heads.length : last + 1;
  const old = [...layer.heads.keys()];
  return withLayer(point, place, withHeads(layer, layer.heads.toSpliced(at, 0, head)), [
    ...old.slice(0, at),
    undefined,
    ...old.slice(at),
  ]);
}

/** Appends a feed-forward layer to any stack whose last layer is at most as wide as the widest option. */
const growFeedForward: Mode = {
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

export const modes: Readonly<Record<GrowthMode, Mode>> = {
  'grow-head': growHead,
  'grow-feed-forward': growFeedForward,
  'prune-head': pruneHead,
  'prune-feed-forward': pruneFeedForward,
  'prune-width': pruneWidth,
};

/** Modes that a growth cycles through. */
function orderOf({ pruneWidth: narrows }: Pick<GrowthOptions, 'pruneWidth'>) {
  return growthModes.filter((mode) => narrows || mode !== 'prune-width');
}

/** The next mode; the first for undefined. */
export function modeAfter(mode: GrowthMode | undefined, options: GrowthOptions): GrowthMode {
  const order = orderOf(options);
  const at = mode === undefined ? -1 : order.indexOf(mode);
  return order[(at + 1) % order.length] as GrowthMode;
}
