// Convolution along the rows of a window, each channel by itself.
//
// Notation   x and y (B, T, H), w (K, H), b (H,)
//            y_i = b + sum_k w_k x_(i + k dilation - before), products by elements
import type { Binding, Tape } from '../tape/tape.ts';
import type { Tensor } from '../tape/tensor.ts';
import { asWindows } from './axes.ts';
import type { ConvolutionOptions } from './conv1d.ts';
import { type Reach, reachOf } from './taps.ts';

/** Rows outside of the window count as zeros, so there are as many rows after as before. */
export function depthwiseConv1d(
  tape: Tape,
  x: Tensor,
  weights: Tensor,
  bias?: Tensor,
  { dilation = 1, causal = false }: ConvolutionOptions = {},
): Tensor {
  const [windows, rows, columns] = asWindows(x);
  const [size = 0, width] = weights.shape;
  if (weights.shape.length !== 2 || width !== columns) {
    throw new RangeError(
      `weights are ${weights.shape.join('x')}, the input has ${columns} channels`,
    );
  }
  if (bias && bias.size !== columns) {
    throw new RangeError(`there are ${bias.size} biases for ${columns} channels`);
  }
  const shape = { windows, rows, columns, ...reachOf(size, dilation, causal) };
  const output = tape.value(x.shape);
  return tape.record({
    kind: 'depthwise-conv1d',
    attributes: { dilation, causal },
    inputs: bias ? [x, weights, bias] : [x, weights],
    output,
    rereads: [x, weights],
    forward({ kernels, at }) {
      const [a, w, y, b] = [at(x), at(weights), at(output), bias ? at(bias) : 0];
      const { before } = shape;
      return () => {
        // A product over no columns: writes the bias into every row.
        kernels.multiply(y, columns, a, 0, 0, w, 0, b, 0, windows * rows, columns, 0);
        kernels.convolveRows(y, a, w, columns, windows, rows, columns, size, dilation, before);
      };
    },
    backward: (binding) => wayBack(binding, shape, { x, weights, bias, output }),
  });
}

interface Shape extends Reach {
  readonly windows: number;
  readonly rows: number;
  readonly columns: number;
}

interface Tensors {
  readonly x: Tensor;
  readonly weights: Tensor;
  readonly bias: Tensor | undefined;
  readonly output: Tensor;
}

function wayBack(
  { kernels, at, gradientAt }: Binding,
  { windows, rows, columns, size, dilation, before }: Shape,
  { x, weights, bias, output }: Tensors,
): () => void {
  const [a, w, dy] = [at(x), at(weights), gradientAt(output)];
  const [dx, dw, db] = [gradientAt(x), gradientAt(weights), bias ? gradientAt(bias) : 0];
  // The gradient reaches x through the same taps in reverse.
  const last = w + (size - 1) * columns;
  const after = (size - 1) * dilation - before;
  return () => {
    if (db) kernels.addRows(db, dy, columns, windows * rows, columns);
    if (dw) kernels.convolveWeights(dw, dy, a, windows, rows, columns, size, dilation, before);
    if (!dx) return;
    kernels.convolveRows(dx, dy, last, -columns, windows, rows, columns, size, dilation, after);
  };
}
