// TensorFlow.js as contenders, one a backend: its automatic gradient and its Adam.
import * as tf from '@tensorflow/tfjs';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { COMPARED_STEPS, type EncoderContender } from './contender.ts';
import { createWeights, forward, meanSquaredError, windowsOf } from './tensorflow-network.ts';
import { CHANNELS, type EncoderStart, LEARNING_RATE, ROWS } from './workload.ts';

export type Backend = 'cpu' | 'wasm';

export async function tensorflowContender(
  backend: Backend,
  start: EncoderStart,
): Promise<EncoderContender> {
  setWasmPaths(new URL('.', import.meta.resolve('@tensorflow/tfjs-backend-wasm')).pathname);
  tf.enableProdMode();
  const before = async () => {
    await tf.setBackend(backend);
  };
  await before();
  const [score, train] = [scorer(start), trainer(start)];
  const name = `TensorFlow.js, ${backend}`;
  return {
    name,
    forward: { name, calls: 1, before, run: () => void score() },
    train: { name, calls: 1, before, run: () => void train() },
    async results() {
      await before();
      const step = trainer(start);
      return {
        output: scorer(start)(),
        losses: Array.from({ length: COMPARED_STEPS }, step),
      };
    },
  };
}

function scorer(start: EncoderStart): () => Float32Array {
  const weights = createWeights(start);
  const window = start.input.subarray(0, ROWS * CHANNELS);
  return () => tf.tidy(() => forward(weights, windowsOf(window)).dataSync<'float32'>());
}

function trainer(start: EncoderStart): () => number {
  const weights = createWeights(start);
  const [x, target] = [windowsOf(start.input), windowsOf(start.target)];
  const adam = tf.train.adam(LEARNING_RATE, 0.9, 0.999, 1e-8);
  return () => {
    const loss = adam.minimize(() => meanSquaredError(forward(weights, x), target), true, [
      ...weights.values(),
    ]) as tf.Scalar; // asked for, so it is there
    const value = loss.dataSync()[0] as number;
    loss.dispose();
    return value;
  };
}
