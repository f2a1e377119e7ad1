// Puts distances of any size on a common scale, so that channels and views can be added.
import type { Yardstick } from './design.ts';

/**
 * Writes each channel's distance in one view, on the channel's own scale and divided by C, into `parts`; returns their
 * sum. Quiet and lively channels get the same weight.
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
    const part = logarithm(excess) / width;
    parts[c] = part;
    sum += part;
  }
  return sum;
}

/**
 * Copies each channel's distance in one view into `parts`, squared units of the scaler; returns their sum. Without a
 * scale per channel, a channel off by a thousand deviations outweighs one that is off by fifty.
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

/** 0 up to the median of normal data, ln 2 at its 99th percentile; the logarithm limits the influence of a single view. */
export function standardise(value: number, { median, spread }: Yardstick): number {
  return logarithm(Math.max(0, value - median) / spread);
}

/**
 * ln(1 + x) in single precision: Math.log1p differs between kinds of processors in the last bit, and a model that was trained on
 * one gives the same scores on all.
 */
function logarithm(x: number): number {
  return Math.fround(Math.log1p(x));
}
