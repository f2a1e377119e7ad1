// The plain twin of assembly/tape/losses.ts and softmax-loss.ts; engine/tape/kernels/losses.ts says what they do.
import type { Floats } from '../../../floats.ts';
import type { LossKernels } from '../../../tape/kernels/losses.ts';
import { crossEntropy, sigmoid } from '../logistic.ts';
import { plainSoftmaxLoss } from './softmax-loss.ts';
import { addWeighted, type Weighted } from './weighted.ts';

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
