import { huberLoss } from '../../../engine/ops/huber-loss.ts';
import { meanSquaredError } from '../../../engine/ops/mean-squared-error.ts';
import type { Tape } from '../../../engine/tape/tape.ts';
import type { Tensor } from '../../../engine/tape/tensor.ts';

/** Errors beyond it, in units of the normalised rows, count straight. */
const HUBER_DELTA = 1;

/** What a forecast of rows shall lower. */
export function forecastLoss(
  tape: Tape,
  output: Tensor,
  target: Tensor,
  kind: 'huber' | 'squared',
): Tensor {
  switch (kind) {
    case 'huber':
      return huberLoss(tape, output, target, HUBER_DELTA);
    case 'squared':
      return meanSquaredError(tape, output, target);
  }
}
