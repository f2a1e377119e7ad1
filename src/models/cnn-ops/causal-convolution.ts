// Convolution of all channels with all, of the sort that cells have.
import { conv1d } from '../../engine/ops/conv1d.ts';
import type { Tape } from '../../engine/tape/tape.ts';
import type { Tensor } from '../../engine/tape/tensor.ts';

export interface Taps {
  readonly size: number;
  /** Rows between two of them. */
  readonly dilation: number;
}

export function causalConvolution(
  tape: Tape,
  x: Tensor,
  { size, dilation }: Taps,
  name: string,
): Tensor {
  const channels = x.shape.at(-1) ?? 1;
  const kernel = tape.parameter(`${name}.kernel`, [size, channels, channels]);
  const bias = tape.parameter(`${name}.bias`, [channels]);
  return conv1d(tape, x, kernel, bias, { dilation, causal: true });
}

export function spanOf({ size, dilation }: Taps): number {
  return (size - 1) * dilation + 1;
}

/** Pairs of a row and a row that it sees, in a window of so many. */
export function seenRows({ size, dilation }: Taps, rows: number): number {
  let seen = 0;
  for (let tap = 0; tap < size; tap += 1) seen += Math.max(0, rows - tap * dilation);
  return seen;
}
