// TensorFlow.js written to be fast: gradient and Adam by hand, as few operations as there can be.
import * as tf from '@tensorflow/tfjs';
import {
  cosineRate,
  createBatch,
  createWeights,
  crossEntropy,
  firstWindow,
  forward,
  type TensorflowEngine,
  type Weights,
} from './tensorflow-network.ts';
import { ascent, BATCH, QUIET_STEPS, type Start, shape, trainStep } from './workload.ts';

const MEAN_DECAY = 0.9;
const SQUARE_DECAY = 0.999;
const EPSILON = 1e-8;
const NAMES = ['w1', 'b1', 'w2', 'b2', 'w3', 'b3'] as const;

/** What one Adam keeps. */
interface Averages {
  mean: tf.Tensor;
  square: tf.Tensor;
}

export function byHand(start: Start): TensorflowEngine {
  const weights = createWeights(start);
  const adam = new Map(NAMES.map((name) => [name, zerosLike(weights[name])]));
  const window = firstWindow(start);
  const { batch, labels } = createBatch(start);
  let steps = 0;
  return {
    score: () => tf.tidy(() => score(weights, window)),
    train() {
      steps += 1;
      const loss = tf.tidy(() => train(weights, adam, batch, labels, steps));
      const value = loss.dataSync()[0] as number;
      loss.dispose();
      return value;
    },
  };
}

function score(weights: Weights, start: tf.Tensor2D): tf.Tensor2D {
  let z = start;
  let averages = zerosLike(z);
  let previous = 10;
  let quiet = 0;
  for (let step = 0; step < ascent.maxSteps && quiet <= QUIET_STEPS; step++) {
    // Tidied step by step, as a program must that may not hold fifty steps in memory.
    const next = tf.tidy(() => {
      const { gradient, loss } = inputGradient(weights, z);
      const rate = cosineRate(ascent.learningRate, step);
      const { move, mean, square } = adamStep(averages, gradient, step + 1, rate);
      const moved = z.sub(move).clipByValue(0, 1) as tf.Tensor2D;
      const [largest, now] = tf.stack([moved.sub(z).abs().max(), loss]).dataSync();
      return { moved, mean, square, largest: largest as number, loss: now as number };
    });
    const gain = previous - next.loss;
    quiet = next.largest < ascent.epsilon || (gain > 0 && gain < ascent.epsilon) ? quiet + 1 : 0;
    previous = next.loss;
    z = next.moved;
    averages = next;
  }
  return z;
}

function inputGradient(weights: Weights, z: tf.Tensor2D) {
  const { hidden1, hidden2, logit } = forward(weights, z);
  const outer = tf.sigmoid(logit).sub(ascent.target);
  const back2 = outer.mul(weights.w3).mul(tf.step(hidden2, shape.slope));
  const back1 = back2.matMul<tf.Tensor2D>(weights.w2).mul(tf.step(hidden1, shape.slope));
  return { gradient: back1.matMul(weights.w1), loss: crossEntropy(logit, ascent.target) };
}

function zerosLike(x: tf.Tensor): Averages {
  return { mean: tf.zerosLike(x), square: tf.zerosLike(x) };
}

/** With the corrections drawn together: what is subtracted is one quotient and one product. */
function adamStep(kept: Averages, gradient: tf.Tensor, step: number, rate: number) {
  const mean = kept.mean.mul(MEAN_DECAY).add(gradient.mul(1 - MEAN_DECAY));
  const square = kept.square.mul(SQUARE_DECAY).add(gradient.square().mul(1 - SQUARE_DECAY));
  const rootCorrection = Math.sqrt(1 - SQUARE_DECAY ** step);
  const root = square.sqrt().add(EPSILON * rootCorrection);
  const move = mean.div(root).mul((rate * rootCorrection) / (1 - MEAN_DECAY ** step));
  return { move, mean, square };
}

function train(
  weights: Weights,
  adam: ReadonlyMap<string, Averages>,
  batch: tf.Tensor2D,
  labels: tf.Tensor2D,
  step: number,
): tf.Tensor {
  const { hidden1, hidden2, logit } = forward(weights, batch);
  const error = tf.sigmoid(logit).sub<tf.Tensor2D>(labels).div<tf.Tensor2D>(BATCH);
  const back2 = error.mul(weights.w3).mul<tf.Tensor2D>(tf.step(hidden2, shape.slope));
  const back1 = back2.matMul(weights.w2).mul<tf.Tensor2D>(tf.step(hidden1, shape.slope));
  const gradients = {
    w1: back1.matMul(batch, true, false),
    b1: back1.sum(0),
    w2: back2.matMul(hidden1, true, false),
    b2: back2.sum(0),
    w3: error.matMul(hidden2, true, false),
    b3: error.sum(0),
  };
  for (const name of NAMES) {
    const kept = adam.get(name) as Averages; // made for every name
    update(weights, kept, name, gradients[name], step);
  }
  return crossEntropy(logit, labels).div(BATCH);
}

function update(
  weights: Weights,
  kept: Averages,
  name: keyof Weights,
  gradient: tf.Tensor,
  step: number,
): void {
  const { move, mean, square } = adamStep(kept, gradient, step, trainStep.learningRate);
  const weight = tf.keep(weights[name].sub(move));
  tf.dispose([weights[name], kept.mean, kept.square]);
  Object.assign(weights, { [name]: weight });
  kept.mean = tf.keep(mean);
  kept.square = tf.keep(square);
}
