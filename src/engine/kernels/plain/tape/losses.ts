// The plain twin of assembly/tape/losses.ts and softmax-loss.ts; engine/tape/kernels/losses.ts has what they compute.
import type { Floats } from '../../../floats.ts';
import type { LossKernels } from '../../../tape/kernels/losses.ts';
import { crossEntropy, sigmoid } from '../logistic.ts';

export function plainLosses(memory: Floats): LossKernels {
  const at = (place: number): number => memory[place] as number;
  const elementLoss =
    (lossOf: (p: number, t: number) => number, slopeOf: (p: number, t: number) => number) =>
    (to: number, slopes: number, p: number, t: number, weights: number, count: number): void => {
      const sum: Weighted = { memory, to, weights, count };
      addWeighted(sum, (i, part) => {
        memory[slopes + i] = part === 0 ? 0 : part * slopeOf(at(p + i), at(t + i));
        return lossOf(at(p + i), at(t + i));
      });
    };
  return {
    ...plainSoftmaxLoss(memory),
    squaredLoss: elementLoss(
      (p, t) => (p - t) ** 2,
      (p, t) => 2 * (p - t),
    ),
    logisticLoss: elementLoss(crossEntropy, (p, t) => sigmoid(p) - t),
    huberLoss(to, slopes, prediction, target, weights, delta, count) {
      const bent = (p: number, t: number): number => Math.max(-delta, Math.min(delta, p - t));
      const lossOf = (p: number, t: number): number => bent(p, t) * (p - t - bent(p, t) / 2);
      elementLoss(lossOf, bent)(to, slopes, prediction, target, weights, count);
    },
    gaussianLoss(to, slopes, logVarianceSlopes, prediction, logVariance, target, weights, count) {
      addWeighted({ memory, to, weights, count }, (i, part) => {
        const error = at(target + i) - at(prediction + i);
        const ratio = error * Math.exp(-at(logVariance + i));
        memory[slopes + i] = part === 0 ? 0 : -part * ratio;
        memory[logVarianceSlopes + i] = part === 0 ? 0 : part * (0.5 - (error * ratio) / 2);
        return (at(logVariance + i) + error * ratio) / 2;
      });
    },
    quantileLoss(to, slopes, prediction, target, levels, rows, levelCount) {
      addWeighted({ memory, to, weights: 0, count: rows * levelCount }, (i, part) => {
        const error = at(target + Math.floor(i / levelCount)) - at(prediction + i);
        const level = at(levels + (i % levelCount));
        const slope = error > 0 ? -level : 1 - level;
        memory[slopes + i] = part * slope;
        return -error * slope;
      });
    },
  };
}

function plainSoftmaxLoss(memory: Floats): Pick<LossKernels, 'softmaxLoss'> {
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

// The weighted mean of all losses.

interface Weighted {
  readonly memory: Floats;
  /** Address of the mean. */
  readonly to: number;
  /** 0 = all weights are 1. */
  readonly weights: number;
  readonly count: number;
}

/** `lossAt` gets the index and its share of the mean; if the share is 0, the result is ignored. */
function addWeighted(
  { memory, to, weights, count }: Weighted,
  lossAt: (i: number, part: number) => number,
): void {
  const weightAt = (i: number): number => (weights === 0 ? 1 : (memory[weights + i] as number));
  let sumOfWeights = 0;
  for (let i = 0; i < count; i++) sumOfWeights += weightAt(i);
  const share = 1 / Math.max(1, sumOfWeights);
  let sum = 0;
  for (let i = 0; i < count; i++) {
    const part = weightAt(i) * share;
    const loss = lossAt(i, part);
    if (part !== 0) sum += part * loss;
  }
  memory[to] = sum;
}
