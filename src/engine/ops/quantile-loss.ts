// The pinball loss, least where a prediction is the quantile of its level. Koenker and Bassett 1978, "Regression
// quantiles".
import type { Tape } from '../tape/tape.ts';
import { asRows, type Tensor } from '../tape/tensor.ts';
import { recordLoss } from './loss.ts';

/** Predictions (..., Q), one a level, targets (...); the mean over all. Levels lie between 0 and 1. */
export function quantileLoss(
  tape: Tape,
  prediction: Tensor,
  target: Tensor,
  levels: readonly number[],
): Tensor {
  const [rows, columns] = asRows(prediction);
  if (levels.length !== columns || target.size !== rows) {
    throw new RangeError(
      `${prediction.shape.join('x')} predictions, ${target.size} targets, ${levels.length} levels: each row is one target's, each column one level's`,
    );
  }
  const wrong = levels.find((level) => !(level > 0 && level < 1));
  if (wrong !== undefined) throw new RangeError(`a level is ${wrong}, must lie between 0 and 1`);
  const given = tape.constant([columns], levels);
  return recordLoss(tape, {
    kind: 'quantile-loss',
    inputs: [prediction, target, given],
    predictions: [prediction],
    forward({ kernels, at }, to, [slopes = 0]) {
      const [p, t, q] = [at(prediction), at(target), at(given)];
      return () => kernels.quantileLoss(to, slopes, p, t, q, rows, columns);
    },
  });
}
