// Puts distances of any size on one scale, on which channels and views can be added.
import type { Yardstick } from './design.ts';

/**
 * Puts each channel's distance in one view on the channel's own scale, divided by C, into `parts`; returns their sum.
 * A channel that hardly ever moves becomes as loud as one that always does, and no channel drowns the others.
 */
export function channelParts(
  perView: Float64Array,
  view: number,
  yardsticks: Float32Array,
  parts: Float64Array,
): number {
  const width = parts.length;
  let sum = 0;
  for (let c = 0; c < width; c += 1) {
    const median = yardsticks[c] as number;
    const spread = yardsticks[width + c] as number;
    const excess = Math.max(0, (perView[view * width + c] as number) - median) / spread;
    const part = Math.log1p(excess) / width;
    parts[c] = part;
    sum += part;
  }
  return sum;
}

/**
 * Copies each channel's distance in one view into `parts`, squared units of the scaler; returns their sum. Nothing is
 * put on one scale: a channel off by a thousand deviations outweighs one that is off by fifty.
 */
export function magnitudeParts(perView: Float64Array, view: number, parts: Float64Array): number {
  const width = parts.length;
  let sum = 0;
  for (let c = 0; c < width; c += 1) {
    const part = perView[view * width + c] as number;
    parts[c] = part;
    sum += part;
  }
  return sum;
}

/** 0 up to the median of normal data, ln 2 at its 99th percentile; the logarithm keeps one view from drowning the others. */
export function standardise(value: number, { median, spread }: Yardstick): number {
  return Math.log1p(Math.max(0, value - median) / spread);
}
