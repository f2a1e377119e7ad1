// Convolution along the rows of a window over all channels: one matrix product per tap.
//
// Notation   x (B, T, I), W (K, I, O), b (O,), y (B, ceil(T / stride), O)
//            y_i = b + sum_k x_(i stride + k dilation - before) W_k
import type { Binding, Tape } from '../tape/tape.ts';
import type { Tensor } from '../tape/tensor.ts';
import { asWindows, requireCount } from './axes.ts';
import { reachOf, type Tap, tapsOf } from './taps.ts';

export interface ConvolutionOptions {
  /** Rows between two taps. */
  readonly dilation?: number;
  /** Whether a row reads only itself and earlier rows; otherwise as many later ones. */
  readonly causal?: boolean;
}

export interface StridedConvolutionOptions extends ConvolutionOptions {
  /** The output has every `stride`-th row. */
  readonly stride?: number;
}

/** Rows outside of the window count as zeros, so there are as many rows after as before, or every `stride`-th of them. */
export function conv1d(
  tape: Tape,
  x: Tensor,
  weights: Tensor,
  bias?: Tensor,
  { dilation = 1, causal = false, stride = 1 }: StridedConvolutionOptions = {},
): Tensor {
  const [windows, rows, inner] = asWindows(x);
  const [size, weightRows, columns] = asWindows(weights);
  requireCount('the stride', stride);
  if (weightRows !== inner) {
    throw new RangeError(`weights are ${weights.shape.join('x')}, the input has ${inner} channels`);
  }
  if (bias && bias.size !== columns) {
    throw new RangeError(`there are ${bias.size} biases for ${columns} channels`);
  }
  const outputRows = Math.ceil(rows / stride);
  const taps = tapsOf(reachOf(size, dilation, causal), rows, stride);
  const shape = { windows, rows, outputRows, inner, columns, stride, taps };
  const output = tape.value([windows, outputRows, columns]);
  const tensors = { x, weights, bias, output, across: tape.value([size, columns, inner]) };
  return tape.record({
    kind: 'conv1d',
    attributes: { dilation, causal, stride },
    inputs: bias ? [x, weights, bias] : [x, weights],
    output,
    rereads: [x, weights],
    backwardScratch: [tensors.across],
    forward: (binding) => wayForward(binding, shape, tensors),
    backward: (binding) => wayBack(binding, shape, tensors),
  });
}

interface Shape {
  readonly windows: number;
  readonly rows: number;
  readonly outputRows: number;
  readonly inner: number;
  readonly columns: number;
  readonly stride: number;
  readonly taps: readonly Tap[];
}

interface Tensors {
  readonly x: Tensor;
  readonly weights: Tensor;
  readonly bias: Tensor | undefined;
  readonly output: Tensor;
  /** (K, O, I) */
  readonly across: Tensor;
}

function wayForward({ kernels, at }: Binding, shape: Shape, tensors: Tensors): () => void {
  const { windows, outputRows, inner, columns, stride } = shape;
  const [x, w, y] = [at(tensors.x), at(tensors.weights), at(tensors.output)];
  const [b, down, n] = [tensors.bias ? at(tensors.bias) : 0, stride * inner, columns];
  const toOutput: TapVisitor = (matrix, source, target, count) => {
    const sum = y + target;
    kernels.multiply(sum, n, x + source, down, 1, w + matrix, n, sum, n, count, n, inner);
  };
  return () => {
    // A product over no columns: writes the bias into every row.
    kernels.multiply(y, n, x, 0, 0, w, n, b, 0, windows * outputRows, n, 0);
    eachTap(shape, toOutput);
  };
}

function wayBack({ kernels, at, gradientAt }: Binding, shape: Shape, tensors: Tensors): () => void {
  const { windows, outputRows, inner, columns, stride, taps } = shape;
  const [x, w, across] = [at(tensors.x), at(tensors.weights), at(tensors.across)];
  const [dx, dw] = [gradientAt(tensors.x), gradientAt(tensors.weights)];
  const dy = gradientAt(tensors.output);
  const db = tensors.bias ? gradientAt(tensors.bias) : 0;
  const [down, n] = [stride * inner, columns];
  const toWeights: TapVisitor = (matrix, source, target, count) => {
    const sum = dw + matrix;
    kernels.multiply(sum, n, x + source, 1, down, dy + target, n, sum, n, inner, n, count);
  };
  const toInput: TapVisitor = (matrix, source, target, count) => {
    const sum = dx + source;
    kernels.multiply(
      sum,
      down,
      dy + target,
      n,
      1,
      across + matrix,
      inner,
      sum,
      down,
      count,
      inner,
      n,
    );
  };
  return () => {
    if (db) kernels.addRows(db, dy, n, windows * outputRows, n);
    if (dw) eachTap(shape, toWeights);
    if (!dx) return;
    for (const { index } of taps) {
      kernels.transpose(across + index * inner * n, w + index * inner * n, n, inner, n);
    }
    eachTap(shape, toInput);
  };
}

/** The matrix product of a tap in a window: offsets of its matrix in the weights and of its rows in x and y. */
type TapVisitor = (matrix: number, source: number, target: number, count: number) => void;

function eachTap(
  { windows, rows, outputRows, inner, columns, taps }: Shape,
  visit: TapVisitor,
): void {
  for (let window = 0; window < windows; window++) {
    for (const { index, to, from, count } of taps) {
      const source = (window * rows + from) * inner;
      const target = (window * outputRows + to) * columns;
      visit(index * inner * columns, source, target, count);
    }
  }
}
