import {
  type EncoderLayer,
  HEADS,
  type Head,
  LIMITS,
  nameOf,
} from '../../../../models/design-point.ts';
import { drawn, type Mode, withHeads, withLayer } from './mode.ts';

/** One head more, of any kind, in any layer; heads stay as wide as they are, and so does the layer. */
export const growHead: Mode = {
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

/** Beside the last head of its kind, so that they are computed together. */
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
