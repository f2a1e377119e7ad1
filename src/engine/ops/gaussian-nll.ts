// The negative log-likelihood of a normal distribution whose variance is predicted too, without the constant
// ln(2 pi) / 2. Nix and Weigend 1994, "Estimating the mean and variance of the target probability distribution".
import type { Tape } from '../tape/tape.ts';
import type { Tensor } from '../tape/tensor.ts';
import { checkSizes, recordLoss } from './loss.ts';

/** (s + (t - mean)^2 e^-s) / 2 with s = `logVariance`. `mask` weighs as it does in meanSquaredError. */
export function gaussianNll(
  tape: Tape,
  mean: Tensor,
  logVariance: Tensor,
  target: Tensor,
  mask?: Tensor,
): Tensor {
  checkSizes(mean, target, mask);
  if (logVariance.size !== mean.size) {
    throw new RangeError(`${mean.size} means, ${logVariance.size} variances: both must be as many`);
  }
  return recordLoss(tape, {
    kind: 'gaussian-nll',
    inputs: mask ? [mean, logVariance, target, mask] : [mean, logVariance, target],
    predictions: [mean, logVariance],
    forward({ kernels, at }, to, [slopes = 0, logVarianceSlopes = 0]) {
      const [p, s, t, m] = [at(mean), at(logVariance), at(target), mask ? at(mask) : 0];
      return () => kernels.gaussianLoss(to, slopes, logVarianceSlopes, p, s, t, m, mean.size);
    },
  });
}
