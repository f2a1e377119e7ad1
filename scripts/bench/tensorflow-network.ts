// The discriminator in TensorFlow.js, and what both ways to use it share.
import * as tf from '@tensorflow/tfjs';
import { BATCH, type Start, shape, trainStep } from './workload.ts';

export interface Weights {
  w1: tf.Tensor2D;
  b1: tf.Tensor1D;
  w2: tf.Tensor2D;
  b2: tf.Tensor1D;
  w3: tf.Tensor2D;
  b3: tf.Tensor1D;
}

/** One way to write GON in TensorFlow.js; its tensors live in the backend that was set when it was made. */
export interface TensorflowEngine {
  /** Optimises the first window of z and returns where it arrives, (1, n). */
  score(): tf.Tensor2D;
  /** One step on both minibatches; returns the loss. */
  train(): number;
}

export function createWeights(start: Start): Weights {
  const { inputs, hidden1, hidden2 } = shape;
  return {
    w1: tf.tensor2d(start.w1, [hidden1, inputs]),
    b1: tf.tensor1d(start.b1),
    w2: tf.tensor2d(start.w2, [hidden2, hidden1]),
    b2: tf.tensor1d(start.b2),
    w3: tf.tensor2d(start.w3, [1, hidden2]),
    b3: tf.tensor1d(start.b3),
  };
}

export function firstWindow(start: Start): tf.Tensor2D {
  return tf.tensor2d(start.z.subarray(0, shape.inputs), [1, shape.inputs]);
}

/** Real windows above fakes, (2 BATCH, n), and their labels. */
export function createBatch(start: Start): { batch: tf.Tensor2D; labels: tf.Tensor2D } {
  const batch = tf.concat([
    tf.tensor2d(start.x, [BATCH, shape.inputs]),
    tf.tensor2d(start.z, [BATCH, shape.inputs]),
  ]);
  const labels = tf.concat([
    tf.fill([BATCH, 1], trainStep.realLabel),
    tf.fill([BATCH, 1], trainStep.fakeLabel),
  ]) as tf.Tensor2D; // fill forgets the rank
  return { batch, labels };
}

export function forward(weights: Weights, x: tf.Tensor2D) {
  const hidden1 = tf.leakyRelu(layer(x, weights.w1, weights.b1), shape.slope);
  const hidden2 = tf.leakyRelu(layer(hidden1, weights.w2, weights.b2), shape.slope);
  return { hidden1, hidden2, logit: layer(hidden2, weights.w3, weights.b3) };
}

/** Not `tf.fused.matMul`: on the wasm backend of 4.22 that adds a wrong bias for some shapes, and is no faster. */
function layer(a: tf.Tensor2D, b: tf.Tensor2D, bias: tf.Tensor1D): tf.Tensor2D {
  return a.matMul<tf.Tensor2D>(b, false, true).add(bias);
}

/** Summed over rows. */
export function crossEntropy(logit: tf.Tensor, labels: tf.Tensor | number): tf.Scalar {
  return tf.softplus(logit).sub(logit.mul(labels)).sum();
}

export function cosineRate(learningRate: number, step: number): number {
  return 0.5 * learningRate * (1 + Math.cos((Math.PI * step) / 10));
}
