// Mixing rows and columns of each head by a discrete Fourier or cosine transform, without weights.
import { cosineOfPi } from '../cosine.ts';
import type { TapeKernels } from '../tape/kernels.ts';
import type { Tape } from '../tape/tape.ts';
import type { Tensor } from '../tape/tensor.ts';
import { asWindows, widthOfHeads } from './axes.ts';

/**
 * Real part of the 2-D discrete Fourier transform of each head's (T, d) matrix, as FNet (Lee-Thorp et al. 2022, "FNet:
 * Mixing tokens with Fourier transforms") and FlexiBERT do: with F = C - i S it is C_T x C_d - S_T x S_d.
 * Departs from both: divided by sqrt(T d), which makes the transform orthonormal. Theirs grows with window and head size,
 * and would dominate the residual and the heads of other kinds.
 */
export function fourierMix(tape: Tape, x: Tensor, { heads }: { readonly heads: number }): Tensor {
  const [, rows, columns] = asWindows(x);
  const width = widthOfHeads(columns, heads);
  const left = tape.constant([rows, 2 * rows], besideEachOther(rows));
  const right = tape.constant([2, width, width], oneAfterTheOther(width));
  // All matrices are symmetric, so backward and forward pass are equal.
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

/**
 * 2-D discrete cosine transform of type 2 of each head's (T, d) matrix x: D_T x D_d^T.
 * Departs from FlexiBERT: orthonormal, for the same reason as fourierMix.
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

/** D[k][i], the weight of element i in frequency k. */
const coefficient: Element = (k, i, n) =>
  cosineOfPi((((2 * i + 1) * k) % (4 * n)) / (2 * n)) * Math.sqrt((k === 0 ? 1 : 2) / n);

const transposed: Element = (i, k, n) => coefficient(k, i, n);

function matrix(n: number, element: Element): Float64Array {
  return Float64Array.from({ length: n * n }, (_, at) => element(Math.floor(at / n), at % n, n));
}

// Mixing rows and columns of each head with constant matrices.
//
// Notation   x and y (B, T, H), x_h the d = H / heads columns of head h; P pairs of matrices L_p (T, T) and R_p (d, d)
//            y_h = sum_p L_p x_h R_p, with z (P T, H) = x_h R_p for all p and h, so that y = [L_1 ... L_P] z
//            dx_h += sum_p L_p^T dy_h R_p^T

/** Constant tensors. The backward matrices may be the forward ones. */
interface Mixing {
  readonly kind: string;
  readonly heads: number;
  /** [L_1 ... L_P] (T, P T), and the L_p^T likewise. */
  readonly left: Tensor;
  readonly leftBack: Tensor;
  /** (P, d, d), and the R_p^T. */
  readonly right: Tensor;
  readonly rightBack: Tensor;
}

function mixWith(tape: Tape, x: Tensor, mixing: Mixing): Tensor {
  const { kind, heads, left, leftBack, right, rightBack } = mixing;
  const [, rows, columns] = asWindows(x);
  const output = tape.value(x.shape);
  const pairs = left.size / rows ** 2;
  const between = tape.value([pairs * rows, columns]);
  const betweenBack = tape.value(between.shape);
  return tape.record({
    kind,
    attributes: { heads },
    inputs: [x],
    output,
    saved: [left, right, leftBack, rightBack],
    scratch: [between],
    rereads: [],
    backwardScratch: [betweenBack],
    forward({ kernels, at }) {
      const places = [at(output), at(x), at(left), at(right), at(between)] as const;
      return mixer(kernels, x.shape, pairs, heads, places, false);
    },
    backward({ kernels, at, gradientAt }) {
      const [dx, dy] = [gradientAt(x), gradientAt(output)];
      const places = [dx, dy, at(leftBack), at(rightBack), at(betweenBack)] as const;
      return mixer(kernels, x.shape, pairs, heads, places, true);
    },
  });
}

/** y = mixed x, or y += mixed x if `adds`. */
function mixer(
  kernels: TapeKernels,
  [windows = 0, rows = 0, n = 0]: readonly number[],
  pairs: number,
  heads: number,
  [y, x, left, right, between]: readonly [number, number, number, number, number],
  adds: boolean,
): () => void {
  const width = widthOfHeads(n, heads);
  const inner = pairs * rows;
  return () => {
    for (let window = 0; window < windows; window++) {
      const place = window * rows * n;
      for (let pair = 0; pair < pairs; pair++) {
        const r = right + pair * width * width;
        const z = between + pair * rows * n;
        for (let h = 0; h < heads; h++) {
          const from = x + place + h * width;
          const to = z + h * width;
          kernels.multiply(to, n, from, n, 1, r, width, 0, 0, rows, width, width);
        }
      }
      const to = y + place;
      const before = adds ? to : 0;
      kernels.multiply(to, n, left, inner, 1, between, n, before, n, rows, n, inner);
    }
  };
}
