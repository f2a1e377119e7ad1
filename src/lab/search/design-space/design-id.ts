// One name for one design, whatever the order its heads are written in.
import { hash } from 'node:crypto';
import { type DesignPoint, type EncoderLayer, nameOf } from '../../../models/design-point.ts';
import { ordered, ownHeadWidth } from './heads.ts';

/** Hexadecimal digits of an id: 64 bits, so that a million designs collide with a chance of 3e-8. */
const DIGITS = 16;

/** The design with the heads of each layer in order. */
export function canonical({ layers }: DesignPoint): DesignPoint {
  return { layers: layers.map((layer) => ({ ...layer, heads: ordered(layer.heads) })) };
}

/** Readable and unique, e.g. `32:attention-scaled+transform-dft:64,64|16:convolution-5:32`. */
export function designKey({ layers }: DesignPoint): string {
  return layers
    .map(
      (layer) =>
        `${widthsOf(layer)}:${ordered(layer.heads).map(nameOf).join('+')}:${layer.feedForward.join(',')}`,
    )
    .join('|');
}

/** Short name of a design, 16 hexadecimal digits of SHA-256 over `designKey`: the same on every machine, for ever. */
export function designId(point: DesignPoint): string {
  return hash('sha256', designKey(point)).slice(0, DIGITS);
}

/** `32`, or `32/12` where heads of 12 do not share the width out among themselves. */
function widthsOf(layer: EncoderLayer): string {
  const own = ownHeadWidth(layer);
  return own === undefined ? `${layer.hidden}` : `${layer.hidden}/${own}`;
}
