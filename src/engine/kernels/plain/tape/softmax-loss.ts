// The plain twin of assembly/tape/softmax-loss.ts; engine/tape/kernels/losses.ts says what it does.
import type { Floats } from '../../../floats.ts';
import type { LossKernels } from '../../../tape/kernels/losses.ts';
import { addWeighted } from './weighted.ts';

export function plainSoftmaxLoss(memory: Floats): Pick<LossKernels, 'softmaxLoss'> {
  const at = (place: number): number => memory[place] as number;
  return {
    softmaxLoss(to, slopes, prediction, target, weights, rows, columns) {
      addWeighted({ memory, to, weights, count: rows }, (i, part) => {
        const row = i * columns;
        const logarithm = logarithmOfSum(memory, prediction + row, columns);
        let [loss, sumOfTargets] = [0, 0];
        for (let j = row; j < row + columns; j++) {
          loss += at(target + j) * (logarithm - at(prediction + j));
          sumOfTargets += at(target + j);
        }
        for (let j = row; j < row + columns; j++) {
          const share = Math.exp(at(prediction + j) - logarithm) * sumOfTargets;
          memory[slopes + j] = part === 0 ? 0 : part * (share - at(target + j));
        }
        return loss;
      });
    },
  };
}

/** ln of the sum of e^p. */
function logarithmOfSum(memory: Floats, from: number, count: number): number {
  const row = memory.subarray(from, from + count);
  let most = Number.NEGATIVE_INFINITY;
  for (const value of row) most = Math.max(most, value);
  let sum = 0;
  for (const value of row) sum += Math.exp(value - most);
  return most + Math.log(sum);
}
