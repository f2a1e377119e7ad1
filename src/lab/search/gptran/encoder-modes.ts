// The growth of encoders, as EdgeTran grows them: heads, then feed-forward layers. The growing modes are here, the pruning modes
// in encoder-prune.ts.
import { z } from 'zod';
import {
  type DesignPoint,
  type EncoderLayer,
  HEADS,
  type Head,
  LIMITS,
  nameOf,
} from '../../../models/design-point.ts';
import { encoderFamily } from '../../../models/network-family.ts';
import type { Lineage } from '../../../models/transfer/lineage.ts';
import type { GrowthFamily, Mode } from './contract.ts';
import {
  pruneFeedForward,
  pruneHead,
  pruneWidth,
  unchanged,
  withHeads,
  withLayer,
} from './encoder-prune.ts';
import { drawn } from './mode.ts';
import { BUDGETS, budget, commonOptions } from './options.ts';

const options = z.strictObject({
  ...commonOptions,
  feedForward: z
    .array(z.int().min(8).max(2048))
    .min(1)
    .default([32, 64])
    .describe('Widths that a layer appended to a feed-forward stack may have'),
  prunedHeads: z.int().min(1).default(1).describe('Heads that a pruning round removes'),
  prunedColumns: z
    .int()
    .min(1)
    .default(8)
    .describe('Columns that a pruning round removes from a feed-forward layer, or from a layer'),
  prunedLayers: z
    .int()
    .min(1)
    .default(2)
    .describe('Feed-forward layers from which a pruning round removes columns'),
  pruneWidth: z
    .boolean()
    .default(false)
    .describe('Whether there is a round that narrows a whole layer'),
  transfer: z
    .enum(['ordered', 'projected'])
    .default('ordered')
    .describe('How children inherit weights where widths differ'),
  budgets: z
    .strictObject({
      'grow-head': budget(300, 0.2),
      'grow-feed-forward': budget(600, 0.2),
      'prune-head': budget(400, 1),
      'prune-feed-forward': budget(300, 0.2),
      'prune-width': budget(300, 1),
    })
    .prefault({})
    .describe(BUDGETS),
});

export type EncoderGrowthOptions = z.infer<typeof options>;

type EncoderMode = Mode<DesignPoint, Lineage, EncoderGrowthOptions>;

/** Adds one head, of any kind, in any layer; the widths of heads and layer stay the same. */
const growHead: EncoderMode = {
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
function grown(point: DesignPoint, place: number, layer: EncoderLayer, head: Head) {
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
const growFeedForward: EncoderMode = {
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

/** In the order of the rounds, which is EdgeTran's; the last is optional. */
const modes: ReadonlyMap<string, EncoderMode> = new Map([
  ['grow-head', growHead],
  ['grow-feed-forward', growFeedForward],
  ['prune-head', pruneHead],
  ['prune-feed-forward', pruneFeedForward],
  ['prune-width', pruneWidth],
]);

export const encoderGrowth: GrowthFamily<DesignPoint, Lineage, EncoderGrowthOptions> = {
  kind: encoderFamily.kind,
  options,
  modes,
  order: ({ pruneWidth: narrows }) =>
    [...modes.keys()].filter((mode) => narrows || mode !== 'prune-width'),
  unchanged,
};
