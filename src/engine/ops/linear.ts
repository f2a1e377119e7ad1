// y = x W + b, the linear layer.
//
// Notation   x (R, K) all but the last axis are rows, W (K, N), b (N,), y (R, N)
import type { Binding, Tape } from '../tape/tape.ts';
import { asRows, type Tensor } from '../tape/tensor.ts';

/** Weights (in, out); without `bias` nothing is added. */
export function linear(tape: Tape, x: Tensor, weights: Tensor, bias?: Tensor): Tensor {
  const [rows, inner] = asRows(x);
  const [weightRows, columns] = asRows(weights);
  if (weightRows !== inner) {
    throw new RangeError(`weights are ${weightRows}x${columns}, the input has ${inner} columns`);
  }
  const output = tape.value([...x.shape.slice(0, -1), columns]);
  const across = tape.value([columns, inner]);
  const shape = { rows, inner, columns };
  return tape.record({
    kind: 'linear',
    inputs: bias ? [x, weights, bias] : [x, weights],
    output,
    rereads: [x, weights],
    backwardScratch: [across],
    forward({ kernels, at }) {
      const [a, w, y, b] = [at(x), at(weights), at(output), bias ? at(bias) : 0];
      return () =>
        kernels.multiply(y, columns, a, inner, 1, w, columns, b, 0, rows, columns, inner);
    },
    backward: (binding) => wayBack(binding, shape, { x, weights, bias, output, across }),
  });
}

function wayBack(
  { kernels, at, gradientAt }: Binding,
  { rows, inner, columns }: { rows: number; inner: number; columns: number },
  tensors: { x: Tensor; weights: Tensor; bias: Tensor | undefined; output: Tensor; across: Tensor },
): () => void {
  const { x, weights, bias, output, across } = tensors;
  const [a, w, wAcross, dy] = [at(x), at(weights), at(across), gradientAt(output)];
  const [dx, dw, db] = [gradientAt(x), gradientAt(weights), bias ? gradientAt(bias) : 0];
  return () => {
    if (dw)
      kernels.multiply(dw, columns, a, 1, inner, dy, columns, dw, columns, inner, columns, rows);
    if (db) kernels.addRows(db, dy, columns, rows, columns);
    if (!dx) return;
    kernels.transpose(wAcross, w, columns, inner, columns);
    kernels.multiply(dx, inner, dy, columns, 1, wAcross, inner, dx, inner, rows, inner, columns);
  };
}
