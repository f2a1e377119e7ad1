// Operations on elements and rows.
import { plainDropout } from '../../../engine/kernels/plain/tape/elements.ts';
import type { Activation } from '../../../engine/ops/activation.ts';
import { drawing } from '../../../engine/ops/dropout.ts';
import { LEAK, numberOf } from '../../foreign-steps.ts';
import type { TensorFlow, TfTensor } from '../api.ts';
import { inRows, type TensorflowOp } from './op.ts';

const activations: Record<Activation, (tf: TensorFlow, x: TfTensor) => TfTensor> = {
  gelu: (tf, x) => x.mul(tf.erf(x.mul(Math.SQRT1_2)).add(1)).mul(0.5),
  relu: (tf, x) => tf.relu(x),
  'leaky-relu': (tf, x) => tf.leakyRelu(x, LEAK),
  sigmoid: (tf, x) => tf.sigmoid(x),
  tanh: (tf, x) => tf.tanh(x),
  softplus: (tf, x) => tf.softplus(x),
  silu: (tf, x) => x.mul(tf.sigmoid(x)),
};

export const activation: TensorflowOp = ({ tf, step }, x) => {
  const kind = step.attributes?.['activation'];
  const run = Object.entries(activations).find(([name]) => name === kind)?.[1];
  if (!run) throw new RangeError(`there is no activation ${kind}`);
  return run(tf, x);
};

export const add: TensorflowOp = (_, a, b) => a.add(b);

export const multiplyElements: TensorflowOp = (_, a, b) => a.mul(b);

export const scale: TensorflowOp = ({ step }, x) => x.mul(numberOf(step, 'factor'));

export const gradientScale: TensorflowOp = ({ tf, step }, x) => {
  const ratio = numberOf(step, 'ratio');
  const scaled = tf.customGrad((y) => ({
    value: (y as TfTensor).clone(), // it is what it was called with
    gradFunc: (dy: TfTensor) => dy.mul(ratio),
  }));
  return scaled(x);
};

export const softmax: TensorflowOp = ({ tf }, x) => tf.softmax(x);

export const columns: TensorflowOp = ({ tf, step }, x) => {
  const rows = inRows(x);
  const [count = 1] = rows.shape;
  return tf.slice(rows, [0, numberOf(step, 'from')], [count, numberOf(step, 'count')]);
};

export const concatColumns: TensorflowOp = ({ tf }, ...parts) => tf.concat(parts.map(inRows), 1);

export const layerNorm: TensorflowOp = ({ tf, step }, x, gain, bias) => {
  const rows = inRows(x);
  const centred = rows.sub(rows.mean(1, true));
  const variance = centred.square().mean(1, true);
  const normed = centred.mul(tf.rsqrt(variance.add(numberOf(step, 'epsilon'))));
  return normed.mul(gain.flatten()).add(bias.flatten());
};

/** Drops the same elements as the kernels: the plain kernel, applied to ones, gives the factor of each element. */
export const dropout: TensorflowOp = ({ tf, step, state }, x) => {
  if (!state.training) return x.clone();
  const { factor, threshold, key } = drawing(numberOf(step, 'rate'), numberOf(step, 'seed'));
  const factors = new Float32Array(x.size).fill(1);
  plainDropout(factors).dropElements(0, 0, factor, threshold, key(state), x.size);
  return x.mul(tf.tensor(factors, x.shape));
};
