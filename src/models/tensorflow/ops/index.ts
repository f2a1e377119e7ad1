// The operation of TensorFlow for each kind of step on a tape.
import type { Step } from '../../../engine/tape/tape.ts';
import * as elements from './elements.ts';
import * as losses from './losses.ts';
import type { TensorflowOp } from './op.ts';
import * as products from './products.ts';
import * as windows from './windows.ts';

export const tensorflowOps: ReadonlyMap<string, TensorflowOp> = new Map([
  ['activation', elements.activation],
  ['add', elements.add],
  ['attention', products.attention],
  ['binary-cross-entropy', losses.binaryCrossEntropy],
  ['columns', elements.columns],
  ['concat-columns', elements.concatColumns],
  ['conv1d', windows.conv1d],
  ['cosine-mix', products.mixing],
  ['cross-entropy', losses.crossEntropy],
  ['depthwise-conv1d', windows.depthwiseConv1d],
  ['dropout', elements.dropout],
  ['dynamic-conv', windows.dynamicConv],
  ['fourier-mix', products.mixing],
  ['gaussian-nll', losses.gaussianNll],
  ['gradient-scale', elements.gradientScale],
  ['head-linear', products.headLinear],
  ['huber-loss', losses.huberLoss],
  ['layer-norm', elements.layerNorm],
  ['linear', products.linear],
  ['max-rows', windows.maxRows],
  ['mean-rows', windows.meanRows],
  ['mean-squared-error', losses.meanSquaredError],
  ['multiply-elements', elements.multiplyElements],
  ['quantile-loss', losses.quantileLoss],
  ['scale', elements.scale],
  ['softmax', elements.softmax],
]);

/** Throws `RangeError` for a kind that has no counterpart in TensorFlow yet. */
export function tensorflowOp({ kind }: Step): TensorflowOp {
  const op = tensorflowOps.get(kind);
  if (op) return op;
  throw new RangeError(
    `engine tensorflow does not know the operation '${kind}': add it to models/tensorflow/ops`,
  );
}
