// Mixing the rows and the columns of each head with constant matrices, which is what transforms without weights are.
//
// Notation   x and y (B, T, H), x_h the d = H / heads columns of head h; P pairs of matrices L_p (T, T) and R_p (d, d)
//            y_h = sum_p L_p x_h R_p, with z (P T, H) = x_h R_p for all p and h, so that y = [L_1 ... L_P] z
//            dx_h += sum_p L_p^T dy_h R_p^T
import type { TapeKernels } from '../tape/kernels.ts';
import type { Tape } from '../tape/tape.ts';
import type { Tensor } from '../tape/tensor.ts';
import { asWindows, widthOfHeads } from './axes.ts';

/** Constants. The way back is given apart, for there are transforms to which it is the same as the way forward. */
export interface Mixing {
  readonly kind: string;
  readonly heads: number;
  /** [L_1 ... L_P] (T, P T), and the L_p^T likewise. */
  readonly left: Tensor;
  readonly leftBack: Tensor;
  /** (P, d, d), and the R_p^T. */
  readonly right: Tensor;
  readonly rightBack: Tensor;
}

export function mixWith(tape: Tape, x: Tensor, mixing: Mixing): Tensor {
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

/** y = what the mixing makes of x, added to what is there or not. */
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
