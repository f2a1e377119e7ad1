// Where the interface of TensorFlow.js can be had: in JavaScript alone always, with TensorFlow's library where it is
// installed. Both register with one engine, so each test has to say on which backend it runs.
import * as tfjs from '@tensorflow/tfjs';
import { DeviceError } from '../../src/core/errors.ts';
import type { TensorFlow } from '../../src/models/tensorflow/api.ts';
import { loadTensorflow } from '../../src/models/tensorflow/load.ts';

export interface TensorflowBuild {
  readonly name: string;
  readonly backend: string;
  /** Absent where it is not installed. */
  readonly tf: TensorFlow | undefined;
}

export const tensorflowBuilds: readonly TensorflowBuild[] = [
  { name: '@tensorflow/tfjs', backend: 'cpu', tf: tfjs },
  { name: '@tensorflow/tfjs-node', backend: 'tensorflow', tf: ifInstalled() },
];

/** Whether that library is there. */
export const isTensorflowInstalled = tensorflowBuilds.some(
  ({ backend, tf }) => backend === 'tensorflow' && tf !== undefined,
);

function ifInstalled(): TensorFlow | undefined {
  try {
    return loadTensorflow();
  } catch (error) {
    if (error instanceof DeviceError) return undefined;
    throw error;
  }
}
