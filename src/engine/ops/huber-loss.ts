// A squared error that goes on straight where it is large. Huber 1964, "Robust estimation of a location parameter".
import type { Tape } from '../tape/tape.ts';
import type { Tensor } from '../tape/tensor.ts';
import { checkSizes, recordLoss } from './loss.ts';

/** (p - t)^2 / 2 up to |p - t| = `delta`, in the unit of p. `mask` weighs as it does in meanSquaredError. */
export function huberLoss(
  tape: Tape,
  prediction: Tensor,
  target: Tensor,
  delta: number,
  mask?: Tensor,
): Tensor {
  checkSizes(prediction, target, mask);
  if (!(delta > 0 && delta < Number.POSITIVE_INFINITY)) {
    throw new RangeError(`delta is ${delta}, must be positive and finite`);
  }
  return recordLoss(tape, {
    kind: 'huber-loss',
    attributes: { delta },
    inputs: mask ? [prediction, target, mask] : [prediction, target],
    predictions: [prediction],
    forward({ kernels, at }, to, [slopes = 0]) {
      const [p, t, m] = [at(prediction), at(target), mask ? at(mask) : 0];
      return () => kernels.huberLoss(to, slopes, p, t, m, delta, prediction.size);
    },
  });
}
