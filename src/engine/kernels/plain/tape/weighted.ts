// The weighted mean that all losses are.
import type { Floats } from '../../../floats.ts';

export interface Weighted {
  readonly memory: Floats;
  /** Where the mean goes. */
  readonly to: number;
  /** 0 = all weights are 1. */
  readonly weights: number;
  readonly count: number;
}

/** `lossAt` gets the place and its share of the mean; where that is 0, what it returns does not count. */
export function addWeighted(
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
