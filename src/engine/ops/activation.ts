// Activations: functions of each element, and softmax along the last axis.
import type { ActivationKernels } from '../tape/kernels/elements.ts';
import type { Tape } from '../tape/tape.ts';
import { asRows, type Tensor } from '../tape/tensor.ts';

export type Activation = keyof typeof KERNELS;

/** Exact gelu, and a leak of 0.01, as PyTorch's defaults are. */
const KERNELS = {
  gelu: 'gelu',
  relu: 'relu',
  'leaky-relu': 'leakyRelu',
  sigmoid: 'sigmoid',
  tanh: 'tanh',
  softplus: 'softplus',
  silu: 'silu',
} as const satisfies Record<string, keyof ActivationKernels>;

export const ACTIVATIONS = Object.keys(KERNELS) as readonly Activation[];

export function activation(tape: Tape, x: Tensor, kind: Activation): Tensor {
  const kernel = KERNELS[kind];
  const output = tape.value(x.shape);
  const slopes = tape.value(x.shape);
  return tape.record({
    kind: 'activation',
    attributes: { activation: kind },
    inputs: [x],
    output,
    saved: [slopes],
    rereads: [],
    forward({ kernels, at, gradientAt }) {
      const [y, a] = [at(output), at(x)];
      // Without a backward pass the slopes are not needed, and the result may overwrite them.
      const slope = gradientAt(output) === 0 ? y : at(slopes);
      return () => kernels[kernel](y, slope, a, x.size);
    },
    backward({ kernels, at, gradientAt }) {
      const [slope, dy, dx] = [at(slopes), gradientAt(output), gradientAt(x)];
      return () => kernels.addProducts(dx, dy, slope, 1, x.size);
    },
  });
}

// e^x over its sum, along the last axis.

export function softmax(tape: Tape, x: Tensor): Tensor {
  const [rows, columns] = asRows(x);
  const output = tape.value(x.shape);
  return tape.record({
    kind: 'softmax',
    inputs: [x],
    output,
    rereads: [output],
    forward({ kernels, at }) {
      const [y, a] = [at(output), at(x)];
      return () => kernels.softmaxRows(y, a, rows, columns, 1, 0);
    },
    backward({ kernels, at, gradientAt }) {
      const [y, dy, dx] = [at(output), gradientAt(output), gradientAt(x)];
      return () => kernels.softmaxBack(dx, dy, y, dx, rows, columns, 1);
    },
  });
}
