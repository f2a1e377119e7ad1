// AdaHessian's spatial averaging: neighbouring curvatures are replaced by their mean, which is less noisy.
import { sizeOf } from '../tape/tensor.ts';
import type { Part } from './differentiable.ts';

/**
 * In place, over the first axis: (in, out) for each output, (taps, in, out) for each pair. What the authors' code
 * averages in PyTorch's layouts, (out, in) and (out, in, taps), by default. Vectors stay as they are.
 */
export function averageOverFirstAxis(values: Float64Array, { from, shape }: Part): void {
  const [length = 0, ...rest] = shape;
  if (rest.length === 0) return;
  const width = sizeOf(rest);
  for (let j = from; j < from + width; j++) {
    let sum = 0;
    for (let i = 0; i < length; i++) sum += values[j + i * width] as number;
    for (let i = 0; i < length; i++) values[j + i * width] = sum / length;
  }
}
