// TensorFlow.js as its documentation teaches it: its automatic gradient and its Adam.
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
import { ascent, BATCH, QUIET_STEPS, type Start, trainStep } from './workload.ts';

export function automatic(start: Start): TensorflowEngine {
  const weights = createWeights(start);
  const window = firstWindow(start);
  const { batch, labels } = createBatch(start);
  const variables = Object.fromEntries(
    Object.entries(createWeights(start)).map(([name, tensor]) => [name, tf.variable(tensor)]),
  ) as unknown as Weights; // variables are tensors; fromEntries forgets the names
  const adam = tf.train.adam(trainStep.learningRate, 0.9, 0.999, 1e-8);
  return {
    score: () => score(weights, window),
    train() {
      const loss = adam.minimize(
        () => crossEntropy(forward(variables, batch).logit, labels).div(BATCH),
        true,
      ) as tf.Scalar; // asked for, so it is there
      const value = loss.dataSync()[0] as number;
      loss.dispose();
      return value;
    },
  };
}

function score(weights: Weights, start: tf.Tensor2D): tf.Tensor2D {
  const z = tf.variable(start) as tf.Variable<tf.Rank.R2>;
  const adam = new RatedAdam(ascent.learningRate, 0.9, 0.999, 1e-8);
  let previous = 10;
  let quiet = 0;
  for (let step = 0; step < ascent.maxSteps && quiet <= QUIET_STEPS; step++) {
    adam.setRate(cosineRate(ascent.learningRate, step));
    const { largest, loss } = tf.tidy(() => {
      const old = z.clone();
      const loss = adam.minimize(
        () => crossEntropy(forward(weights, z).logit, ascent.target),
        true,
        [z],
      ) as tf.Scalar;
      z.assign(z.clipByValue(0, 1) as tf.Tensor2D);
      const largest = z.sub(old).abs().max().dataSync()[0] as number;
      return { largest, loss: loss.dataSync()[0] as number };
    });
    const gain = previous - loss;
    quiet = largest < ascent.epsilon || (gain > 0 && gain < ascent.epsilon) ? quiet + 1 : 0;
    previous = loss;
  }
  adam.dispose();
  return z;
}

/** Adam whose rate follows a schedule, which TensorFlow.js has no other way for. */
class RatedAdam extends tf.AdamOptimizer {
  setRate(rate: number): void {
    this.learningRate = rate;
  }
}
