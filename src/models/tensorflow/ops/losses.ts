// Losses: one number each, differentiated by the predictions only.
//
// Notation   p predictions, t targets, w weights; an element with weight 0 does not count, even if it is NaN
import { numberOf } from '../../foreign-steps.ts';
import type { TensorFlow, TfTensor } from '../api.ts';
import { inRows, type OpRun, type TensorflowOp } from './op.ts';

type ElementLoss = (tf: TensorFlow, p: TfTensor, t: TfTensor, run: OpRun) => TfTensor;

export const meanSquaredError = elementLoss((_, p, t) => p.sub(t).square());

export const binaryCrossEntropy = elementLoss((tf, p, t) => tf.softplus(p).sub(t.mul(p)));

/** With e = p - t and c = e cut to delta: c (e - c / 2). */
export const huberLoss = elementLoss((_, p, t, { step }) => {
  const delta = numberOf(step, 'delta');
  const error = p.sub(t);
  const cut = error.clipByValue(-delta, delta);
  return cut.mul(error.sub(cut.mul(0.5)));
});

export const gaussianNll: TensorflowOp = ({ tf }, mean, logVariance, target, mask?: TfTensor) => {
  const counted = mask && frozen(tf, mask).flatten();
  const m = counting(tf, mean, counted);
  const s = counting(tf, logVariance, counted);
  const t = counting(tf, frozen(tf, target), counted);
  const ratio = t.sub(m).square().mul(s.neg().exp());
  return weightedMean(tf, s.add(ratio).mul(0.5), counted);
};

/** The greater of level e and (level - 1) e, with e = t - p. */
export const quantileLoss: TensorflowOp = ({ tf }, prediction, target, levels) => {
  const rows = inRows(prediction);
  const error = frozen(tf, target).reshape([-1, 1]).sub(rows);
  const level = frozen(tf, levels).flatten();
  return tf.maximum(error.mul(level.sub(1)), error.mul(level)).mean();
};

export const crossEntropy: TensorflowOp = ({ tf }, logits, target, weights?: TfTensor) => {
  const rows = inRows(logits);
  const [count = 1, columns = 1] = rows.shape;
  const counted = weights && frozen(tf, weights).flatten();
  const cells = counted
    ?.reshape([count, 1])
    .mul(tf.ones([1, columns]))
    .flatten();
  const p = counting(tf, rows, cells).reshape([count, columns]);
  const t = counting(tf, frozen(tf, target), cells).reshape([count, columns]);
  return weightedMean(tf, tf.logSoftmax(p).mul(t).sum(1).neg(), counted);
};

function elementLoss(lossOf: ElementLoss): TensorflowOp {
  return (run, prediction, target, mask?: TfTensor) => {
    const { tf } = run;
    const counted = mask && frozen(tf, mask).flatten();
    const p = counting(tf, prediction, counted);
    const t = counting(tf, frozen(tf, target), counted);
    return weightedMean(tf, lossOf(tf, p, t, run), counted);
  };
}

/** In one row, with 0 where the weight is 0. */
function counting(tf: TensorFlow, x: TfTensor, weights: TfTensor | undefined): TfTensor {
  const row = x.flatten();
  return weights ? tf.where(weights.notEqual(0), row, tf.zerosLike(row)) : row;
}

/** Divided by the sum of the weights, or by 1 if that is less. */
function weightedMean(tf: TensorFlow, losses: TfTensor, weights: TfTensor | undefined): TfTensor {
  if (!weights) return losses.mean();
  return losses.mul(weights).sum().div(tf.maximum(weights.sum(), 1));
}

/** The same numbers without a gradient; TensorFlow.js has no other way for that. */
function frozen(tf: TensorFlow, x: TfTensor): TfTensor {
  return tf.tensor(x.dataSync(), x.shape);
}
