// The cycles of a convolution on unrolled loops, counted by loops that are written out.
import type { UnrolledAccelerator } from '../../../src/lab/simulator/accelerator.ts';
import type { Nest } from '../../../src/lab/simulator/unrolled.ts';

/** Every step of every loop, tile by tile: the steps that lanes make together are one cycle. */
export function walked(nest: Nest, one: UnrolledAccelerator): number {
  const { windows, rows, columns } = one.unrolled;
  let cycles = 0;
  for (let group = 0; group < nest.groups; group += 1) {
    for (const _w of steps(nest.windows, 4, windows)) {
      for (const _r of steps(nest.rows, 64, rows)) {
        for (const _c of steps(nest.columns, 64, columns)) cycles += walkedInside(nest, one);
      }
    }
  }
  return cycles;
}

function walkedInside({ inner, taps }: Nest, { unrolled, multipliers }: UnrolledAccelerator) {
  let cycles = 0;
  for (const _i of steps(inner, 64, multipliers)) {
    for (let k = 0; k < taps; k += unrolled.taps) cycles += 1;
  }
  return cycles;
}

/** Where each step of a loop begins; none reaches over the end of its tile. */
function* steps(length: number, tile: number, atOnce: number): Generator<number> {
  for (let first = 0; first < length; first += tile) {
    for (let at = first; at < Math.min(first + tile, length); at += atOnce) yield at;
  }
}
