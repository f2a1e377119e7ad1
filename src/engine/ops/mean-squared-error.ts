// The mean of (p - t)^2.
import type { Tape } from '../tape/tape.ts';
import type { Tensor } from '../tape/tensor.ts';
import { checkSizes, recordLoss } from './loss.ts';

/**
 * One number. `mask`, of the same size, weighs each element; the sum is divided by the sum of the weights, or by 1 if
 * that is less. Neither target nor mask gets a gradient, and what has the weight 0 may be anything, even NaN.
 */
export function meanSquaredError(
  tape: Tape,
  prediction: Tensor,
  target: Tensor,
  mask?: Tensor,
): Tensor {
  checkSizes(prediction, target, mask);
  return recordLoss(tape, {
    kind: 'mean-squared-error',
    inputs: mask ? [prediction, target, mask] : [prediction, target],
    predictions: [prediction],
    forward({ kernels, at }, to, [slopes = 0]) {
      const [p, t, m] = [at(prediction), at(target), mask ? at(mask) : 0];
      return () => kernels.squaredLoss(to, slopes, p, t, m, prediction.size);
    },
  });
}
