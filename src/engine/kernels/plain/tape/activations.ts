// The plain twin of assembly/tape/activations.ts; engine/tape/kernels/elements.ts describes them.
import type { Floats } from '../../../floats.ts';
import type { ActivationKernels } from '../../../tape/kernels/elements.ts';
import { sigmoid, softplus } from '../logistic.ts';
import { normalDensity, normalDistribution } from '../normal-distribution.ts';

/** PyTorch's. */
const LEAK = 0.01;

export function plainActivations(memory: Floats): ActivationKernels {
  const map =
    (value: (x: number) => number, slopeOf: (x: number) => number) =>
    (to: number, slope: number, from: number, count: number): void => {
      for (let i = 0; i < count; i++) {
        const x = memory[from + i] as number;
        memory[slope + i] = slopeOf(x);
        memory[to + i] = value(x);
      }
    };
  return {
    gelu: map(
      (x) => x * normalDistribution(x),
      (x) => normalDistribution(x) + x * normalDensity(x),
    ),
    relu: map(
      (x) => (x > 0 ? x : 0 * x),
      (x) => (x > 0 ? 1 : 0),
    ),
    leakyRelu: map(
      (x) => (x > 0 ? x : LEAK * x),
      (x) => (x > 0 ? 1 : LEAK),
    ),
    sigmoid: map(sigmoid, (x) => sigmoid(x) * sigmoid(-x)),
    tanh: map(Math.tanh, (x) => 1 - Math.tanh(x) ** 2),
    softplus: map(softplus, sigmoid),
    silu: map(
      (x) => x * sigmoid(x),
      (x) => sigmoid(x) * (1 + x * sigmoid(-x)),
    ),
  };
}
