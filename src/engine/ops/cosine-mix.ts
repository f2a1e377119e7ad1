// Mixing rows and columns by a discrete cosine transform, head by head, without anything to learn.
import { cosineOfPi } from '../cosine.ts';
import type { Tape } from '../tape/tape.ts';
import type { Tensor } from '../tape/tensor.ts';
import { asWindows, widthOfHeads } from './axes.ts';
import { mixWith } from './mix-with.ts';

/**
 * 2-D discrete cosine transform of type 2 of each head's (T, d) matrix x: D_T x D_d^T.
 * Departs from FlexiBERT: orthonormal, for the reason that fourierMix names.
 */
export function cosineMix(tape: Tape, x: Tensor, { heads }: { readonly heads: number }): Tensor {
  const [, rows, columns] = asWindows(x);
  const width = widthOfHeads(columns, heads);
  return mixWith(tape, x, {
    kind: 'cosine-mix',
    heads,
    left: tape.constant([rows, rows], matrix(rows, coefficient)),
    leftBack: tape.constant([rows, rows], matrix(rows, transposed)),
    right: tape.constant([1, width, width], matrix(width, transposed)),
    rightBack: tape.constant([1, width, width], matrix(width, coefficient)),
  });
}

type Element = (row: number, column: number, n: number) => number;

/** D[k][i], which makes frequency k out of element i. */
const coefficient: Element = (k, i, n) =>
  cosineOfPi((((2 * i + 1) * k) % (4 * n)) / (2 * n)) * Math.sqrt((k === 0 ? 1 : 2) / n);

const transposed: Element = (i, k, n) => coefficient(k, i, n);

function matrix(n: number, element: Element): Float64Array {
  return Float64Array.from({ length: n * n }, (_, at) => element(Math.floor(at / n), at % n, n));
}
