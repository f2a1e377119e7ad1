// The cross-entropy of softmax(logits) to a distribution, row by row.
import type { Tape } from '../tape/tape.ts';
import { asRows, type Tensor } from '../tape/tensor.ts';
import { recordLoss } from './loss.ts';

/**
 * Logits and target (R, K), the rows of the target summing to 1. `weights` (R,) weigh the rows, and rows of weight 0 may
 * be anything; the sum is divided by the sum of the weights, or by 1 if that is less.
 */
export function crossEntropy(tape: Tape, logits: Tensor, target: Tensor, weights?: Tensor): Tensor {
  const [rows, columns] = asRows(logits);
  const [targetRows, targetColumns] = asRows(target);
  if (targetRows !== rows || targetColumns !== columns) {
    throw new RangeError(
      `logits are ${rows}x${columns}, targets ${targetRows}x${targetColumns}: both must be the same`,
    );
  }
  if (weights && weights.size !== rows) {
    throw new RangeError(`${weights.size} weights for ${rows} rows: there must be one for each`);
  }
  return recordLoss(tape, {
    kind: 'cross-entropy',
    inputs: weights ? [logits, target, weights] : [logits, target],
    predictions: [logits],
    forward({ kernels, at }, to, [slopes = 0]) {
      const [p, t, w] = [at(logits), at(target), weights ? at(weights) : 0];
      return () => kernels.softmaxLoss(to, slopes, p, t, w, rows, columns);
    },
  });
}
