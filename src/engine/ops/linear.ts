// y = x W + b, the linear layer.
//
// Notation   x (R, K) all but the last axis are rows, W (K, N), b (N,), y (R, N); x' is x after pruning
//            dW += x'^T dy, db += sum of rows of dy, dx += dy W^T where x is kept
import { mix32, wordOf } from '../random.ts';
import type { Binding, GradientPruning, Pruning, Tape } from '../tape/tape.ts';
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
  const pruned = pruning ? tape.value([rows, inner]) : undefined;
  const shape = { rows, inner, columns, group: rowsOfWindow(x) };
  const list = pruning?.gradient ? tape.value([rows]) : undefined;
  const tensors = { x, weights, bias, output, across, pruned, list };
  return tape.record({
    kind: 'linear',
    attributes: pruningAttributes(pruning),
    inputs: bias ? [x, weights, bias] : [x, weights],
    ...(name !== undefined && { operands: [{ name, tensor: x, rows: shape.group, columns }] }),
    output,
    rereads: [x, weights],
    backwardScratch: [across, pruned, list].filter((tensor) => tensor !== undefined),
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
  readonly pruned: Tensor | undefined;
  /** Rows of dy that are read. */
  readonly list: Tensor | undefined;
}

function wayForward(
  binding: Binding,
  { rows, inner, columns, group }: Shape,
  { x, weights, bias, output }: Tensors,
  pruning: Pruning | undefined,
): () => void {
  const { at, memory } = binding;
  const [a, w, y, b] = [at(x), at(weights), at(output), bias ? at(bias) : 0];
  const multiply = prunedProduct(binding, pruning);
  return () => {
    pruning?.watch?.(memory.subarray(a, a + x.size));
    // Columns are judged window by window; where all are kept, one product is faster.
    const judged = pruning?.form === 'columns' && pruning.threshold >= 0;
    const step = judged ? group : rows;
    for (let i = 0; i < rows; i += step) {
      const [from, to] = [a + i * inner, y + i * columns];
      multiply(to, columns, from, inner, w, columns, b, 0, step, columns, inner);
    }
  };
}

function wayBack(
  binding: Binding,
  shape: Shape,
  tensors: Tensors,
  pruning: Pruning | undefined,
): () => void {
  const { kernels, memory, at, gradientAt } = binding;
  const { x, bias, weights, pruned } = tensors;
  const { rows, inner } = shape;
  const [a, place] = [at(x), pruned ? at(pruned) : 0];
  const [dx, dw, db] = [gradientAt(x), gradientAt(weights), bias ? gradientAt(bias) : 0];
  const { intoWeights, intoBias, addToInput } = backwardProducts(binding, shape, tensors);
  const inBlocks = listedBlocks(binding, shape, tensors);
  const groups = { groups: rows / shape.group, rows: shape.group, columns: inner };
  const operand = (by: Pruning | undefined): number => {
    if (!by) return a;
    keep(binding, by, place, a, a, groups);
    return place;
  };
  const passBack = (by: Pruning | undefined, kept: number): void => {
    if (!by) {
      addToInput(dx, kept);
      return;
    }
    memory.fill(0, place, place + x.size);
    addToInput(place, kept);
    keep(binding, by, place, place, a, groups);
    kernels.addScaled(dx, 1, place, x.size);
  };
  return () => {
    const kept = thin(binding, pruning?.gradient, tensors, shape);
    // Below 0 all is kept: the sums of the dense product, in its order.
    const by = pruning && pruning.threshold >= 0 ? pruning : undefined;
    if (kept < rows && !by) {
      inBlocks(kept);
      return;
    }
    if (dw) intoWeights(operand(by), kept);
    if (db) intoBias(db, kept);
    if (dx) passBack(by, kept);
  };
}

/** Lists the rows of the gradient of the output that the products read, and returns their number; all of them if none is left out. */
function thin(
  { kernels, memory, at, gradientAt, state }: Binding,
  gradient: GradientPruning | undefined,
  { output, list }: Tensors,
  { rows, columns }: Shape,
): number {
  if (!(gradient && list)) return rows;
  const { threshold, seed, watch } = gradient;
  const dy = gradientAt(output);
  watch?.(memory.subarray(dy, dy + output.size));
  if (threshold < 0) return rows;
  const key = seed === undefined ? 0 : mix32(mix32(wordOf(seed)) + wordOf(state.step)) || 1;
  return kernels.thinRows(at(list), dy, rows, columns, threshold, key);
}

/** What is made of the gradient of the output, of which only the listed rows are read if not all are `kept`. */
function backwardProducts(
  { kernels, at, gradientAt }: Binding,
  { rows, inner, columns }: Shape,
  { weights, output, across, list: listed }: Tensors,
) {
  const [w, wAcross, dy, dw] = [at(weights), at(across), gradientAt(output), gradientAt(weights)];
  const [n, k, list] = [columns, inner, listed ? at(listed) : 0];
  return {
    /** dW += x^T dy, x at `from`. */
    intoWeights(from: number, kept: number): void {
      if (kept < rows) kernels.multiplyKeptRows(dw, n, from, 1, k, dy, n, k, n, rows, list, kept);
      else kernels.multiply(dw, n, from, 1, k, dy, n, dw, n, k, n, rows);
    },
    /** db += sum of rows of dy. */
    intoBias(db: number, kept: number): void {
      if (kept < rows) kernels.addKeptRows(db, dy, n, n, list, kept);
      else kernels.addRows(db, dy, n, rows, n);
    },
    /** `to` += dy W^T. */
    addToInput(to: number, kept: number): void {
      kernels.transpose(wAcross, w, n, k, n);
      if (kept < rows) kernels.addToKeptRows(to, k, dy, n, wAcross, k, rows, k, n, list, kept);
      else kernels.multiply(to, k, dy, n, 1, wAcross, k, to, k, rows, k, n);
    },
  };
}

/** Listed rows that are read together: the first cache holds them for what is made of them. */
const BLOCK = 128;

/** The same for listed rows of an input of which nothing is left out: each block of them goes into all that needs it. */
function listedBlocks(
  { kernels, at, gradientAt }: Binding,
  { rows, inner: k, columns: n }: Shape,
  { x, weights, bias, output, across, list }: Tensors,
): (kept: number) => void {
  const [a, w, wAcross, dy] = [at(x), at(weights), at(across), gradientAt(output)];
  const [dx, dw, db] = [gradientAt(x), gradientAt(weights), bias ? gradientAt(bias) : 0];
  const begin = list ? at(list) : 0;
  /** Of so many rows those in a part of the list. */
  const intoWeights = (of: number, ...part: readonly [number, number]): void =>
    kernels.multiplyKeptRows(dw, n, a, 1, k, dy, n, k, n, of, ...part);
  const intoBias = (_: number, ...part: readonly [number, number]): void =>
    kernels.addKeptRows(db, dy, n, n, ...part);
  const addToInput = (of: number, ...part: readonly [number, number]): void =>
    kernels.addToKeptRows(dx, k, dy, n, wAcross, k, of, k, n, ...part);
  const wanted = [
    ...(dw ? [intoWeights] : []),
    ...(db ? [intoBias] : []),
    ...(dx ? [addToInput] : []),
  ];
  return (kept) => {
    kernels.transpose(wAcross, w, n, k, n);
    for (let from = 0; from < Math.max(kept, 1); from += BLOCK) {
      const count = Math.min(BLOCK, kept - from);
      // The last block answers for the rows that are left out, so that they are counted once.
      const of = from + BLOCK < kept ? count : rows - from;
      for (const pass of wanted) pass(of, begin + from, count);
    }
  };
}
