// Which rows a convolution along the rows of a window sees. Tap k of row i reads row i + k dilation - before; what lies
// outside of the window counts as zeros, so that there are as many rows after as before.
import { requireCount } from './axes.ts';

export interface Reach {
  /** Taps. */
  readonly size: number;
  readonly dilation: number;
  /** Rows that the first tap reaches back. */
  readonly before: number;
}

/** A causal one sees nothing of what follows; any other reaches as far ahead as back, or a row farther. */
export function reachOf(size: number, dilation: number, causal: boolean): Reach {
  requireCount('the size of a kernel', size);
  requireCount('the dilation', dilation);
  const span = (size - 1) * dilation;
  return { size, dilation, before: causal ? span : Math.floor(span / 2) };
}

/** A tap and the rows it is at work on, where the output has every `stride`-th row of the input only. */
export interface Tap {
  readonly index: number;
  /** First row of the output that sees something through it, ... */
  readonly to: number;
  /** ... the row of the input that it sees, ... */
  readonly from: number;
  /** ... and how many rows of the output do. */
  readonly count: number;
}

/** Those that see anything. */
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
