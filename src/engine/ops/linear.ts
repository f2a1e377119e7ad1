// y = x W + b, the linear layer.
//
// Notation   x (R, K) all but the last axis are rows, W (K, N), b (N,), y (R, N); x' is x after pruning
//            dW += x'^T dy, db += sum of rows of dy, dx += dy W^T where x is kept
import type { Binding, Pruning, Tape } from '../tape/tape.ts';
import { asRows, type Tensor } from '../tape/tensor.ts';
import { keep, prunedProduct, pruningAttributes, rowsOfWindow } from './pruning.ts';

interface LinearOptions {
  /** Name of x as an operand that may be pruned. */
  readonly name?: string;
  readonly pruning?: Pruning | undefined;
}

/** Weights (in, out); without `bias` nothing is added. */
export function linear(
  tape: Tape,
  x: Tensor,
  weights: Tensor,
  bias?: Tensor,
  { name, pruning }: LinearOptions = {},
): Tensor {
  const [rows, inner] = asRows(x);
  const [weightRows, columns] = asRows(weights);
  if (weightRows !== inner) {
    throw new RangeError(`weights are ${weightRows}x${columns}, the input has ${inner} columns`);
  }
  const output = tape.value([...x.shape.slice(0, -1), columns]);
  const across = tape.value([columns, inner]);
  const kept = pruning ? tape.value([rows, inner]) : undefined;
  const shape = { rows, inner, columns, group: rowsOfWindow(x) };
  const tensors = { x, weights, bias, output, across, kept };
  return tape.record({
    kind: 'linear',
    attributes: pruningAttributes(pruning),
    inputs: bias ? [x, weights, bias] : [x, weights],
    ...(name !== undefined && { operands: [{ name, tensor: x, rows: shape.group, columns }] }),
    output,
    rereads: [x, weights],
    backwardScratch: kept ? [across, kept] : [across],
    forward: (binding) => wayForward(binding, shape, tensors, pruning),
    backward: (binding) => wayBack(binding, shape, tensors, pruning),
  });
}

interface Shape {
  readonly rows: number;
  readonly inner: number;
  readonly columns: number;
  /** Rows of a window. */
  readonly group: number;
}

interface Tensors {
  readonly x: Tensor;
  readonly weights: Tensor;
  readonly bias: Tensor | undefined;
  readonly output: Tensor;
  /** W^T. */
  readonly across: Tensor;
  /** x', then the gradient of x' where x is kept. */
  readonly kept: Tensor | undefined;
}

function wayForward(
  binding: Binding,
  { rows, inner, columns, group }: Shape,
  { x, weights, bias, output }: Tensors,
  pruning: Pruning | undefined,
): () => void {
  const { at } = binding;
  const [a, w, y, b] = [at(x), at(weights), at(output), bias ? at(bias) : 0];
  const multiply = prunedProduct(binding, pruning);
  // Columns are judged window by window.
  const step = pruning?.form === 'columns' ? group : rows;
  return () => {
    for (let i = 0; i < rows; i += step) {
      multiply(
        y + i * columns,
        columns,
        a + i * inner,
        inner,
        w,
        columns,
        b,
        0,
        step,
        columns,
        inner,
      );
    }
  };
}

function wayBack(
  binding: Binding,
  { rows, inner, columns, group }: Shape,
  { x, weights, bias, output, across, kept }: Tensors,
  pruning: Pruning | undefined,
): () => void {
  const { kernels, at, gradientAt } = binding;
  const [a, w, wAcross, dy] = [at(x), at(weights), at(across), gradientAt(output)];
  const [dx, dw, db] = [gradientAt(x), gradientAt(weights), bias ? gradientAt(bias) : 0];
  const intoWeights = (from: number): void =>
    kernels.multiply(dw, columns, from, 1, inner, dy, columns, dw, columns, inner, columns, rows);
  const intoInput = (to: number, start: number): void => {
    kernels.transpose(wAcross, w, columns, inner, columns);
    kernels.multiply(to, inner, dy, columns, 1, wAcross, inner, start, inner, rows, inner, columns);
  };
  if (!(pruning && kept)) {
    return () => {
      if (dw) intoWeights(a);
      if (db) kernels.addRows(db, dy, columns, rows, columns);
      if (dx) intoInput(dx, dx);
    };
  }
  const place = at(kept);
  const shape = { groups: rows / group, rows: group, columns: inner };
  return () => {
    if (dw) {
      keep(binding, pruning, place, a, a, shape);
      intoWeights(place);
    }
    if (db) kernels.addRows(db, dy, columns, rows, columns);
    if (!dx) return;
    intoInput(place, 0);
    keep(binding, pruning, place, place, a, shape);
    kernels.addScaled(dx, 1, place, rows * inner);
  };
}
