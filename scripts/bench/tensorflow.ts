// TensorFlow.js as contenders: two ways to write it, two backends.
import * as tf from '@tensorflow/tfjs';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { automatic } from './tensorflow-automatic.ts';
import { byHand } from './tensorflow-by-hand.ts';
import type { TensorflowEngine } from './tensorflow-network.ts';
import type { Contender } from './timing.ts';
import type { Start } from './workload.ts';

const BACKENDS = ['cpu', 'wasm'] as const;
const WAYS = { 'by hand': byHand, automatic } as const;
export type Way = keyof typeof WAYS;

export interface TensorflowContender {
  readonly way: Way;
  readonly score: Contender;
  readonly train: Contender;
  /** From a fresh start: where the window arrives, and the loss of the first training step. */
  results(): Promise<{ window: Float32Array; loss: number }>;
}

/** Leaves out TensorFlow's checks of its arguments, as its documentation advises for production. */
export async function tensorflowContenders(start: Start): Promise<TensorflowContender[]> {
  setWasmPaths(new URL('.', import.meta.resolve('@tensorflow/tfjs-backend-wasm')).pathname);
  tf.enableProdMode();
  const contenders: TensorflowContender[] = [];
  for (const backend of BACKENDS) {
    await tf.setBackend(backend);
    for (const way of Object.keys(WAYS) as Way[]) contenders.push(contender(backend, way, start));
  }
  return contenders;
}

function contender(
  backend: (typeof BACKENDS)[number],
  way: Way,
  start: Start,
): TensorflowContender {
  const engine: TensorflowEngine = WAYS[way](start);
  const before = async () => {
    await tf.setBackend(backend);
  };
  const name = `TensorFlow.js ${way}, ${backend}`;
  return {
    way,
    score: { name, calls: 1, before, run: () => engine.score().dispose() },
    train: { name, calls: 1, before, run: () => void engine.train() },
    async results() {
      await before();
      const fresh = WAYS[way](start);
      return { window: fresh.score().dataSync<'float32'>(), loss: fresh.train() };
    },
  };
}
