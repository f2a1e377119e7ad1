// mean_i m_i (prediction_i - target_i)^2, the mean over the elements that m selects.
import type { Tape } from '../tape/tape.ts';
import type { Tensor } from '../tape/tensor.ts';

/**
 * One number. `mask`, of the same size, weighs each element; the sum is divided by the sum of the weights, or by 1 if
 * that is less. Neither target nor mask gets a gradient.
 */
export function meanSquaredError(
  tape: Tape,
  prediction: Tensor,
  target: Tensor,
  mask?: Tensor,
): Tensor {
  const { size } = prediction;
  if (target.size !== size || (mask && mask.size !== size)) {
    throw new RangeError(`${size} predictions, ${target.size} targets: both must be as many`);
  }
  const inputs = mask ? [prediction, target, mask] : [prediction, target];
  const output = tape.value([1]);
  return tape.record({
    kind: 'mean-squared-error',
    inputs,
    output,
    rereads: inputs,
    forward({ kernels, at }) {
      const [y, p, t, m] = [at(output), at(prediction), at(target), mask ? at(mask) : 0];
      return () => kernels.squaredError(y, p, t, m, size);
    },
    backward({ kernels, at, gradientAt }) {
      const [p, t, m] = [at(prediction), at(target), mask ? at(mask) : 0];
      const [dp, dy] = [gradientAt(prediction), gradientAt(output)];
      return () => {
        if (dp) kernels.squaredErrorBack(dp, dy, p, t, m, size);
      };
    },
  });
}
