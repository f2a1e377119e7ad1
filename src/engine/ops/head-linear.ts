// Each head's columns times a matrix of its own, without a bias.
//
// Notation   x and y (R, H) all but the last axis are rows, d = H / heads columns a head, W (heads, d, d)
import type { Binding, Tape } from '../tape/tape.ts';
import { asRows, type Tensor } from '../tape/tensor.ts';
import { widthOfHeads } from './axes.ts';

/** y_h = x_h W_h. */
export function headLinear(tape: Tape, x: Tensor, weights: Tensor): Tensor {
  const [rows, columns] = asRows(x);
  const [heads = 0, height, width] = weights.shape;
  const inner = widthOfHeads(columns, heads);
  if (weights.shape.length !== 3 || height !== inner || width !== inner) {
    throw new RangeError(
      `weights are ${weights.shape.join('x')}, ${heads} heads of ${columns} columns need ${heads}x${inner}x${inner}`,
    );
  }
  const output = tape.value(x.shape);
  const across = tape.value([inner, inner]);
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
          const [from, matrix] = [h * inner, w + h * inner * inner];
          kernels.multiply(
            y + from,
            columns,
            a + from,
            columns,
            1,
            matrix,
            inner,
            0,
            0,
            rows,
            inner,
            inner,
          );
        }
      };
    },
    backward: (binding) =>
      wayBack(binding, { rows, columns, inner, heads }, { x, weights, output, across }),
  });
}

function wayBack(
  { kernels, at, gradientAt }: Binding,
  { rows, columns, inner, heads }: { rows: number; columns: number; inner: number; heads: number },
  { x, weights, output, across }: Record<'x' | 'weights' | 'output' | 'across', Tensor>,
): () => void {
  const [a, w, wAcross, dy] = [at(x), at(weights), at(across), gradientAt(output)];
  const [dx, dw] = [gradientAt(x), gradientAt(weights)];
  return () => {
    for (let h = 0; h < heads; h++) {
      const from = h * inner;
      const matrix = h * inner * inner;
      if (dw) {
        kernels.multiply(
          dw + matrix,
          inner,
          a + from,
          1,
          columns,
          dy + from,
          columns,
          dw + matrix,
          inner,
          inner,
          inner,
          rows,
        );
      }
      if (!dx) continue;
      kernels.transpose(wAcross, w + matrix, inner, inner, inner);
      kernels.multiply(
        dx + from,
        columns,
        dy + from,
        columns,
        1,
        wAcross,
        inner,
        dx + from,
        columns,
        rows,
        inner,
        inner,
      );
    }
  };
}
