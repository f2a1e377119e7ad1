// Operations that are products of matrices.
//
// Notation   B windows, T rows, H columns, d = H / heads columns of a head
import type { Pruning } from '../../../engine/tape/tape.ts';
import {
  areAlike,
  headsOf,
  hidingFuture,
  isCausal,
  numberOf,
  pruningOf,
} from '../../foreign-steps.ts';
import type { TensorFlow, TfTensor } from '../api.ts';
import { inRows, sizesOf, type TensorflowOp } from './op.ts';

export const linear: TensorflowOp = ({ tf, step }, x, weights, bias?: TfTensor) => {
  const inWindow = x.shape.slice(1, -1).map((_, axis) => axis + 1);
  const y = tf.matMul(inRows(pruned(tf, x, inWindow, pruningOf(step))), inRows(weights));
  return bias ? y.add(bias.flatten()) : y;
};

/** x with zeros where it is small; columns are judged along `axes`. */
function pruned(
  tf: TensorFlow,
  x: TfTensor,
  axes: number[],
  pruning: Pruning | undefined,
): TfTensor {
  if (!pruning) return x;
  const isJudgedTogether = pruning.form === 'columns' && axes.length > 0;
  const judged = isJudgedTogether ? x.abs().max(axes, true) : x.abs();
  const isSmall = tf.scalar(pruning.threshold).greaterEqual(judged).broadcastTo(x.shape);
  return tf.where(isSmall, tf.zerosLike(x), x);
}

export const headLinear: TensorflowOp = ({ tf, step }, x, weights) => {
  const heads = numberOf(step, 'heads');
  const rows = inRows(x);
  const [count = 1, columns = 1] = rows.shape;
  const byHead = rows.reshape([count, heads, columns / heads]).transpose([1, 0, 2]);
  return tf.matMul(byHead, weights).transpose([1, 0, 2]);
};

export const attention: TensorflowOp = ({ tf, step }, q, k, v) => {
  const heads = headsOf(step);
  const [windows, rows] = sizesOf(q);
  const future = (): TfTensor => tf.tensor(hidingFuture(rows), [rows, rows]);
  const attend = (queries: TfTensor, keys: TfTensor, values: TfTensor): TfTensor => {
    const factor = 1 / Math.sqrt(numberOf(step, 'width'));
    const left = pruned(tf, queries, [-2], pruningOf(step, 'query'));
    const scores = tf.matMul(left, keys, false, true).mul(factor);
    const probabilities = tf.softmax(isCausal(step) ? scores.add(future()) : scores);
    return tf.matMul(pruned(tf, probabilities, [-2], pruningOf(step, 'probability')), values);
  };
  if (areAlike(heads)) {
    const byHead = (x: TfTensor): TfTensor =>
      x.reshape([windows, rows, heads.length, -1]).transpose([0, 2, 1, 3]);
    return attend(byHead(q), byHead(k), byHead(v)).transpose([0, 2, 1, 3]);
  }
  const columns = (x: TfTensor, from: number, count: number): TfTensor =>
    tf.slice(x, [0, 0, from], [windows, rows, count]);
  const mixed = heads.map(({ query, queryFrom, value, valueFrom }) =>
    attend(
      columns(q, queryFrom, query),
      columns(k, queryFrom, query),
      columns(v, valueFrom, value),
    ),
  );
  return tf.concat(mixed, 2);
};

/** y_h = sum_p L_p x_h R_p; the step has saved [L_1 ... L_P] (T, P T) and the R_p (P, d, d) first. */
export const mixing: TensorflowOp = ({ tf, step, read }, x) => {
  const heads = numberOf(step, 'heads');
  const [windows, rows, columns] = sizesOf(x);
  const width = columns / heads;
  const [left, right] = (step.saved ?? []).map(read) as [TfTensor, TfTensor];
  const cells = x.reshape([windows * rows * heads, width]);
  // Windows next to each other, so that one product on the left is enough for all.
  const mixed = tf.unstack(right).map((matrix) =>
    tf
      .matMul(cells, matrix)
      .reshape([windows, rows, columns])
      .transpose([1, 0, 2])
      .reshape([rows, windows * columns]),
  );
  const y = tf.matMul(left, tf.concat(mixed, 0));
  return y.reshape([rows, windows, columns]).transpose([1, 0, 2]);
};
