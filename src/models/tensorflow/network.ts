// The discriminator in TensorFlow: its logits, and their gradient by the input as an explicit formula, so that training can
// differentiate it again.
//
// Notation   B batch, n inputs, h1/h2 hidden widths
import type {
  DiscriminatorShape,
  DiscriminatorWeights,
} from '../../engine/discriminator-kernels.ts';
import type { TensorFlow, TfTensor } from './api.ts';

export interface Layers<T extends TfTensor = TfTensor> {
  readonly w1: T; // (h1, n)
  readonly b1: T;
  readonly w2: T; // (h2, h1)
  readonly b2: T;
  readonly w3: T; // (1, h2)
  readonly b3: T;
}

export function layersOf(
  tf: TensorFlow,
  { inputs, hidden1, hidden2 }: DiscriminatorShape,
  { w1, b1, w2, b2, w3, b3 }: DiscriminatorWeights,
): Layers {
  return {
    w1: tf.tensor2d(w1, [hidden1, inputs]),
    b1: tf.tensor1d(b1),
    w2: tf.tensor2d(w2, [hidden2, hidden1]),
    b2: tf.tensor1d(b2),
    w3: tf.tensor2d(w3, [1, hidden2]),
    b3: tf.tensor1d(b3),
  };
}

/** The slope of LeakyReLU at each hidden unit, and the logits. */
export interface Pass {
  readonly slopes1: TfTensor; // (B, h1)
  readonly slopes2: TfTensor; // (B, h2)
  readonly logits: TfTensor; // (B, 1)
}

/** x (B, n). TensorFlow treats the slopes as constants, which is correct except at 0. */
export function pass(
  tf: TensorFlow,
  { w1, b1, w2, b2, w3, b3 }: Layers,
  slope: number,
  x: TfTensor,
): Pass {
  const sum1 = tf.matMul(x, w1, false, true).add(b1);
  const slopes1 = tf.step(sum1, slope);
  const sum2 = tf.matMul(sum1.mul(slopes1), w2, false, true).add(b2);
  const slopes2 = tf.step(sum2, slope);
  const logits = tf.matMul(sum2.mul(slopes2), w3, false, true).add(b3);
  return { slopes1, slopes2, logits };
}

/** (B, n): gradient of each row's logit by its input. */
export function inputGradient(
  tf: TensorFlow,
  { w1, w2, w3 }: Layers,
  { slopes1, slopes2 }: Omit<Pass, 'logits'>,
): TfTensor {
  return tf.matMul(tf.matMul(slopes2.mul(w3), w2).mul(slopes1), w1);
}
