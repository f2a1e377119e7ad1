// The cross-entropy of sigmoid(logit) to a target in [0, 1].
import type { Tape } from '../tape/tape.ts';
import type { Tensor } from '../tape/tensor.ts';
import { checkSizes, recordLoss } from './loss.ts';

/** The mean over all; safe for any logit. */
export function binaryCrossEntropy(tape: Tape, logits: Tensor, target: Tensor): Tensor {
  checkSizes(logits, target);
  return recordLoss(tape, {
    kind: 'binary-cross-entropy',
    inputs: [logits, target],
    predictions: [logits],
    forward({ kernels, at }, to, [slopes = 0]) {
      const [p, t] = [at(logits), at(target)];
      return () => kernels.logisticLoss(to, slopes, p, t, 0, logits.size);
    },
  });
}
