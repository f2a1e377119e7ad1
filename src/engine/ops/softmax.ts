// e^x over its sum, along the last axis.
import type { Tape } from '../tape/tape.ts';
import { asRows, type Tensor } from '../tape/tensor.ts';

export function softmax(tape: Tape, x: Tensor): Tensor {
  const [rows, columns] = asRows(x);
  const output = tape.value(x.shape);
  return tape.record({
    kind: 'softmax',
    inputs: [x],
    output,
    rereads: [output],
    forward({ kernels, at }) {
      const [y, a] = [at(output), at(x)];
      return () => kernels.softmaxRows(y, a, rows, columns, 1, 0);
    },
    backward({ kernels, at, gradientAt }) {
      const [y, dy, dx] = [at(output), gradientAt(output), gradientAt(x)];
      return () => kernels.softmaxBack(dx, dy, y, dx, rows, columns, 1);
    },
  });
}
