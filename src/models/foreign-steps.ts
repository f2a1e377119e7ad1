// What is read of the steps of a tape by those that carry them out without our kernels: ONNX Runtime and TensorFlow.
import type { Step } from '../engine/tape/tape.ts';

/** Of `leaky-relu`, which has PyTorch's, as engine/ops/activation.ts says. */
export const LEAK = 0.01;

/** Added to scores of rows that may not be seen: e to it is 0, and of its differences not NaN. */
const UNSEEN = -1e30;

/** A numeric attribute. Throws `TypeError` where there is none. */
export function numberOf({ kind, attributes }: Step, name: string): number {
  const value = attributes?.[name];
  if (typeof value === 'number') return value;
  throw new TypeError(`a step ${kind} has ${name} ${value}, expected a number`);
}

export function isCausal({ attributes }: Step): boolean {
  return attributes?.['causal'] === true;
}

/** (T, T), to be added to scores: what keeps a row from seeing those after it. */
export function hidingFuture(rows: number): Float32Array {
  return Float32Array.from({ length: rows * rows }, (_, at) =>
    at % rows > Math.floor(at / rows) ? UNSEEN : 0,
  );
}
