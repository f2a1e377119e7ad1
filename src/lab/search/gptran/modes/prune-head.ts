import type { DesignPoint } from '../../../../models/design-point.ts';
import { type BlockWeight, headWeights, lightest } from '../blocks.ts';
import { type Mode, unchanged, withHeads } from './mode.ts';

/** The heads with the least weights go; each layer keeps one. */
export const pruneHead: Mode = {
  grows: false,
  offspring(parent, { options, tried }) {
    const dropped = chosen(parent.point, lightest(headWeights(parent)), options.prunedHeads);
    const change = dropped
      .map(({ layer, index }) => `layer ${layer + 1} - head ${index + 1}`)
      .join(', ');
    if (dropped.length === 0 || tried.has(change)) return [];
    const kept = unchanged(parent.point).map(({ layer, heads }) => ({
      layer,
      heads: heads.filter(
        (head) => !dropped.some((one) => one.layer === layer && one.index === head),
      ),
    }));
    const layers = parent.point.layers.map((layer, place) => {
      const left = new Set(kept[place]?.heads);
      return withHeads(
        layer,
        layer.heads.filter((_, head) => left.has(head)),
      );
    });
    return [{ point: { layers }, lineage: kept, change }];
  },
};

function chosen({ layers }: DesignPoint, heads: readonly BlockWeight[], most: number) {
  const left = layers.map(({ heads: { length } }) => length);
  const dropped: BlockWeight[] = [];
  for (const head of heads) {
    const count = left[head.layer] as number;
    if (dropped.length === most || count === 1) continue;
    left[head.layer] = count - 1;
    dropped.push(head);
  }
  return dropped;
}
