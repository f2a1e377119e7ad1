// The encoder in TensorFlow.js. Projections are products of two matrices, which it does faster than batches of them.
import * as tf from '@tensorflow/tfjs';
import { CHANNELS, type EncoderStart, EPSILON, HEADS, HIDDEN, LAYERS, ROWS } from './workload.ts';

export type Weights = ReadonlyMap<string, tf.Variable>;

const WIDTH = HIDDEN / HEADS;

export function createWeights({ weights }: EncoderStart): Weights {
  return new Map(
    weights.map(({ name, shape, values }) => [
      name,
      tf.variable(tf.tensor(values, shape as number[])),
    ]),
  );
}

export function windowsOf(values: Float32Array): tf.Tensor2D {
  return tf.tensor2d(values, [values.length / CHANNELS, CHANNELS]);
}

/** x (windows * ROWS, CHANNELS) */
export function forward(weights: Weights, x: tf.Tensor2D): tf.Tensor2D {
  const windows = x.shape[0] / ROWS;
  const positions = weightOf<tf.Tensor2D>(weights, 'embedding.positions');
  const cells = project(weights, x, 'embedding').reshape([windows, ROWS, HIDDEN]);
  let y = cells.add(positions).reshape<tf.Tensor2D>([windows * ROWS, HIDDEN]);
  for (let i = 1; i <= LAYERS; i++) y = layer(weights, y, `layer${i}`, windows);
  return project(weights, norm(weights, y, 'norm'), 'output');
}

export function meanSquaredError(output: tf.Tensor2D, target: tf.Tensor2D): tf.Scalar {
  return output.sub(target).square().mean();
}

function layer(weights: Weights, x: tf.Tensor2D, name: string, windows: number): tf.Tensor2D {
  const normed = norm(weights, x, `${name}.heads.norm`);
  const heads = attention(weights, normed, `${name}.heads1.attention-scaled`, windows);
  const between = x.add<tf.Tensor2D>(project(weights, heads, `${name}.heads.output`));
  const feed = project(weights, norm(weights, between, `${name}.feed.norm`), `${name}.feed1`);
  return between.add(project(weights, gelu(feed), `${name}.feed.output`));
}

function attention(weights: Weights, x: tf.Tensor2D, name: string, windows: number): tf.Tensor2D {
  const heads = (part: string) =>
    project(weights, x, `${name}.${part}`)
      .reshape<tf.Tensor4D>([windows, ROWS, HEADS, WIDTH])
      .transpose<tf.Tensor4D>([0, 2, 1, 3]);
  const scores = heads('query').matMul(heads('key'), false, true);
  const mixed = tf.softmax(scores.mul(1 / Math.sqrt(WIDTH))).matMul<tf.Tensor4D>(heads('value'));
  return mixed.transpose([0, 2, 1, 3]).reshape([windows * ROWS, HIDDEN]);
}

function gelu(x: tf.Tensor2D): tf.Tensor2D {
  return x.mul(0.5).mul(tf.erf(x.mul(Math.SQRT1_2)).add(1));
}

function norm(weights: Weights, x: tf.Tensor2D, name: string): tf.Tensor2D {
  const centred = x.sub(x.mean(-1, true));
  const variance = centred.square().mean(-1, true);
  return centred
    .mul(variance.add(EPSILON).rsqrt())
    .mul(weightOf(weights, `${name}.gain`))
    .add(weightOf(weights, `${name}.bias`));
}

/** Not `tf.fused.matMul`: on the wasm backend of 4.22 that adds a wrong bias for some shapes, and is no faster. */
function project(weights: Weights, x: tf.Tensor2D, name: string): tf.Tensor2D {
  const product = x.matMul<tf.Tensor2D>(weightOf(weights, `${name}.weights`));
  return product.add(weightOf(weights, `${name}.bias`));
}

function weightOf<T extends tf.Tensor>(weights: Weights, name: string): T {
  const weight = weights.get(name);
  if (!weight) throw new RangeError(`the start has no weights ${name}`);
  return weight as tf.Tensor as T; // variables are tensors, and forget their rank
}
