// Multiplies each head's columns with its own matrix, without a bias.
//
// Notation   x and y (R, n) all but the last axis are rows, d = n / heads columns a head, W (heads, d, d)
import type { Binding, Tape } from '../tape/tape.ts';
import { asRows, type Tensor } from '../tape/tensor.ts';
import { widthOfHeads } from './axes.ts';

/** y_h = x_h W_h. */
export function headLinear(tape: Tape, x: Tensor, weights: Tensor): Tensor {
  const [rows, n] = asRows(x);
  const [heads = 0, height, width] = weights.shape;
  const d = widthOfHeads(n, heads);
  if (weights.shape.length !== 3 || height !== d || width !== d) {
    throw new RangeError(
      `weights are ${weights.shape.join('x')}, ${heads} heads of ${n} columns need ${heads}x${d}x${d}`,
    );
  }
  const output = tape.value(x.shape);
  const across = tape.value([d, d]);
  return tape.record({
    kind: 'head-linear',
    attributes: { heads },
    inputs: [x, weights],
    output,
    rereads: [x, weights],
    backwardScratch: [across],
    forward({ kernels, at }) {
      const [a, w, y] = [at(x), at(weights), at(output)];
      return () => {
        for (let h = 0; h < heads; h++) {
          const from = h * d;
          kernels.multiply(y + from, n, a + from, n, 1, w + from * d, d, 0, 0, rows, d, d);
        }
      };
    },
    backward: (binding) =>
      headsBack(binding, { rows, n, d, heads }, { x, weights, output, across }),
  });
}

function headsBack(
  { kernels, at, gradientAt }: Binding,
  { rows, n, d, heads }: Record<'rows' | 'n' | 'd' | 'heads', number>,
  { x, weights, output, across }: Record<'x' | 'weights' | 'output' | 'across', Tensor>,
): () => void {
  const [a, w, wAcross, dy] = [at(x), at(weights), at(across), gradientAt(output)];
  const [dx, dw] = [gradientAt(x), gradientAt(weights)];
  return () => {
    for (let h = 0; h < heads; h++) {
      const from = h * d;
      const sum = dw + from * d;
      if (dw) kernels.multiply(sum, d, a + from, 1, n, dy + from, n, sum, d, d, d, rows);
      if (!dx) continue;
      const target = dx + from;
      kernels.transpose(wAcross, w + from * d, d, d, d);
      kernels.multiply(target, n, dy + from, n, 1, wAcross, d, target, n, rows, d, d);
    }
  };
}
