// Mixing rows and columns by a discrete Fourier transform, head by head, without anything to learn.
import { cosineOfPi } from '../cosine.ts';
import type { Tape } from '../tape/tape.ts';
import type { Tensor } from '../tape/tensor.ts';
import { asWindows, widthOfHeads } from './axes.ts';
import { mixWith } from './mix-with.ts';

/**
 * Real part of the 2-D discrete Fourier transform of each head's (T, d) matrix, as FNet (Lee-Thorp et al. 2022, "FNet:
 * Mixing tokens with Fourier transforms") and FlexiBERT do: with F = C - i S it is C_T x C_d - S_T x S_d.
 * Departs from both: divided by sqrt(T d), which makes the transform orthonormal. Theirs grows with window and head, and
 * would drown the residual and the heads of other kinds beside it.
 */
export function fourierMix(tape: Tape, x: Tensor, { heads }: { readonly heads: number }): Tensor {
  const [, rows, columns] = asWindows(x);
  const width = widthOfHeads(columns, heads);
  const left = tape.constant([rows, 2 * rows], besideEachOther(rows));
  const right = tape.constant([2, width, width], oneAfterTheOther(width));
  // All the matrices are symmetric, so the way back is the way forward.
  const matrices = { left, right, leftBack: left, rightBack: right };
  return mixWith(tape, x, { kind: 'fourier-mix', heads, ...matrices });
}

/** [C -S] (n, 2n) */
function besideEachOther(n: number): Float64Array {
  return Float64Array.from({ length: 2 * n * n }, (_, at) => {
    const [row, column] = [Math.floor(at / (2 * n)), at % (2 * n)];
    return column < n ? cosineAt(row * column, n) : -sineAt(row * (column - n), n);
  });
}

/** C (n, n), then S. */
function oneAfterTheOther(n: number): Float64Array {
  return Float64Array.from({ length: 2 * n * n }, (_, at) => {
    const [row, column] = [Math.floor(at / n), at % n];
    return row < n ? cosineAt(row * column, n) : sineAt((row - n) * column, n);
  });
}

/** cos(2 pi steps / n) / sqrt(n) */
function cosineAt(steps: number, n: number): number {
  return cosineOfPi((2 * (steps % n)) / n) / Math.sqrt(n);
}

function sineAt(steps: number, n: number): number {
  return cosineOfPi((2 * (steps % n)) / n - 0.5) / Math.sqrt(n);
}
