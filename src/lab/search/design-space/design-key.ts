// One name for one design, whatever the order its heads are written in: two designs have one exactly where their graphs are
// the same but for the numbering of their nodes.
//
// Departs from FlexiBERT: a text that people can read, instead of a hash of the colours of the nodes.
import { type DesignPoint, type EncoderLayer, nameOf } from '../../../models/design-point.ts';
import { ordered, ownHeadWidth } from './heads.ts';

/** Readable and unique, e.g. `32:attention-scaled+transform-dft:64,64|16:convolution-5:32`. */
export function designKey({ layers }: DesignPoint): string {
  return layers
    .map(
      (layer) =>
        `${widthsOf(layer)}:${ordered(layer.heads).map(nameOf).join('+')}:${layer.feedForward.join(',')}`,
    )
    .join('|');
}

/** `32`, or `32/12` where heads of 12 do not share the width out among themselves. */
function widthsOf(layer: EncoderLayer): string {
  const own = ownHeadWidth(layer);
  return own === undefined ? `${layer.hidden}` : `${layer.hidden}/${own}`;
}
