// The plain twin of assembly/tape/squared-error.ts; engine/tape/kernels/losses.ts says what they do.
import type { Floats } from '../../../floats.ts';
import type { SquaredErrorKernels } from '../../../tape/kernels/losses.ts';

export function plainSquaredError(memory: Floats): SquaredErrorKernels {
  const at = (place: number): number => memory[place] as number;
  const weightAt = (mask: number, i: number): number => (mask === 0 ? 1 : at(mask + i));
  const sumOfWeights = (mask: number, count: number): number => {
    let sum = 0;
    for (let i = 0; i < count; i++) sum += weightAt(mask, i);
    return Math.max(sum, 1);
  };
  return {
    squaredError(to, prediction, target, mask, count) {
      let sum = 0;
      for (let i = 0; i < count; i++) {
        sum += weightAt(mask, i) * (at(prediction + i) - at(target + i)) ** 2;
      }
      memory[to] = sum / sumOfWeights(mask, count);
    },
    squaredErrorBack(to, gradient, prediction, target, mask, count) {
      const factor = (2 * at(gradient)) / sumOfWeights(mask, count);
      for (let i = 0; i < count; i++) {
        const error = at(prediction + i) - at(target + i);
        memory[to + i] = at(to + i) + factor * weightAt(mask, i) * error;
      }
    },
  };
}
