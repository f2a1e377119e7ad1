// The input rows of a convolution along the rows of a window. Tap k of row i reads row i + k dilation - before; rows outside
// of the window count as zeros, so the output has as many rows as the input.
import { requireCount } from './axes.ts';

export interface Reach {
  /** Taps. */
  readonly size: number;
  readonly dilation: number;
  /** Rows between the first tap and the row itself. */
  readonly before: number;
}

/** A causal convolution reads no later rows; others read as many rows ahead as back, or one more. */
export function reachOf(size: number, dilation: number, causal: boolean): Reach {
  requireCount('the size of a kernel', size);
  requireCount('the dilation', dilation);
  const span = (size - 1) * dilation;
  return { size, dilation, before: causal ? span : Math.floor(span / 2) };
}

/** A tap and its rows; the output has every `stride`-th row of the input. */
export interface Tap {
  readonly index: number;
  /** First output row for which the tap is inside of the window, ... */
  readonly to: number;
  /** ... its input row, ... */
  readonly from: number;
  /** ... and the number of such output rows. */
  readonly count: number;
}

/** The taps with at least one row. */
export function tapsOf(
  { size, dilation, before }: Reach,
  rows: number,
  stride: number,
): readonly Tap[] {
  const last = Math.ceil(rows / stride) - 1;
  return Array.from({ length: size }, (_, index) => {
    const offset = index * dilation - before;
    const to = Math.max(0, Math.ceil(-offset / stride));
    const end = Math.min(last, Math.floor((rows - 1 - offset) / stride));
    return { index, to, from: to * stride + offset, count: end - to + 1 };
  }).filter(({ count }) => count > 0);
}
