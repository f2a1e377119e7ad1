// Convolutions and pools along the rows of windows, as sums of products over taps: TensorFlow's own convolutions have no stride
// together with a dilation, and not on every backend a gradient by their weights.
//
// Notation   x (B, T, H), K taps
import { reachOf } from '../../../engine/ops/taps.ts';
import { isCausal, numberOf } from '../../foreign-steps.ts';
import type { TensorFlow, TfTensor } from '../api.ts';
import { type OpRun, sizesOf, type TensorflowOp } from './op.ts';

/** x (B, T, I), weights (K, I, O) */
export const conv1d: TensorflowOp = (run, x, weights, bias?: TfTensor) => {
  const { tf, step } = run;
  const [size, inner, columns] = sizesOf(weights);
  const seen = tf.concat(seenByTaps(run, x, size, numberOf(step, 'stride')), 2);
  const [windows, rows] = sizesOf(seen);
  const cells = seen.reshape([windows * rows, size * inner]);
  const y = tf.matMul(cells, weights.reshape([size * inner, columns]));
  return bias ? y.add(bias.flatten()) : y;
};

/** x (B, T, H), weights (K, H) */
export const depthwiseConv1d: TensorflowOp = (run, x, weights, bias?: TfTensor) => {
  const { tf } = run;
  const taps = tf.unstack(weights);
  const products = seenByTaps(run, x, taps.length).map((seen, k) => seen.mul(taps[k] as TfTensor));
  const y = tf.addN(products);
  return bias ? y.add(bias.flatten()) : y;
};

/** values (B, T, H), kernels (B, T, heads K) */
export const dynamicConv: TensorflowOp = (run, values, kernels) => {
  const { tf, step } = run;
  const [heads, size] = [numberOf(step, 'heads'), numberOf(step, 'size')];
  const [windows, rows, columns] = sizesOf(values);
  const shares = tf.unstack(tf.softmax(kernels.reshape([windows, rows, heads, size])), 3);
  const products = seenByTaps(run, values, size).map((seen, k) =>
    seen
      .reshape([windows, rows, heads, columns / heads])
      .mul((shares[k] as TfTensor).reshape([windows, rows, heads, 1])),
  );
  return tf.addN(products);
};

export const meanRows: TensorflowOp = (run, x) => {
  const seen = seenByPools(run, x);
  return run.tf.addN(seen).mul(1 / seen.length);
};

/** TensorFlow's own maximum gives the gradient to all equal elements, the kernels give it to the first. */
export const maxRows: TensorflowOp = (run, x) =>
  seenByPools(run, x).reduce((best, next) => run.tf.where(best.greaterEqual(next), best, next));

/** The rows under each tap in all windows, (B, ceil(T / stride), H) each; zeros outside of the window. */
function seenByTaps({ tf, step }: OpRun, x: TfTensor, size: number, stride = 1): TfTensor[] {
  const dilation = Number(step.attributes?.['dilation'] ?? 1);
  const { before } = reachOf(size, dilation, isCausal(step));
  const [, rows] = sizesOf(x);
  const count = Math.ceil(rows / stride);
  const last = (size - 1) * dilation;
  const padded = x.pad([
    [0, 0],
    [before, last + count * stride - before - rows],
    [0, 0],
  ]);
  return Array.from({ length: size }, (_, k) => everyRow(tf, padded, k * dilation, count, stride));
}

/** The first rows of all pools, then the second ones, ... */
function seenByPools({ tf, step }: OpRun, x: TfTensor): TfTensor[] {
  const [size, stride] = [numberOf(step, 'size'), numberOf(step, 'stride')];
  const [, rows] = sizesOf(x);
  const count = Math.floor((rows - size) / stride) + 1;
  const padded = x.pad([
    [0, 0],
    [0, Math.max(0, size - 1 + count * stride - rows)],
    [0, 0],
  ]);
  return Array.from({ length: size }, (_, k) => everyRow(tf, padded, k, count, stride));
}

/** `count` rows of each window, `stride` apart; a whole stride must follow the last. */
function everyRow(
  tf: TensorFlow,
  x: TfTensor,
  from: number,
  count: number,
  stride: number,
): TfTensor {
  const [windows, , columns] = sizesOf(x);
  const all = tf.slice(x, [0, from, 0], [windows, count * stride, columns]);
  if (stride === 1) return all;
  const byStride = all.reshape([windows, count, stride, columns]);
  const firsts = tf.slice(byStride, [0, 0, 0, 0], [windows, count, 1, columns]);
  return firsts.reshape([windows, count, columns]);
}
