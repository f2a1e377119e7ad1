// y = a b, element by element.
import type { Tape } from '../tape/tape.ts';
import type { Tensor } from '../tape/tensor.ts';
import { broadcast } from './broadcast.ts';

/** b has the shape of a, or of its last axes and then multiplies each place of those in front. */
export function multiplyElements(tape: Tape, a: Tensor, b: Tensor): Tensor {
  const [rows, columns] = broadcast(a, b);
  const output = tape.value(a.shape);
  return tape.record({
    kind: 'multiply-elements',
    inputs: [a, b],
    output,
    rereads: [a, b],
    forward({ kernels, at }) {
      const [y, left, right] = [at(output), at(a), at(b)];
      return () => kernels.multiplyElements(y, left, right, rows, columns);
    },
    backward({ kernels, at, gradientAt }) {
      const [left, right, dy] = [at(a), at(b), gradientAt(output)];
      const [da, db] = [gradientAt(a), gradientAt(b)];
      return () => {
        if (da) kernels.addProducts(da, dy, right, rows, columns);
        if (db) kernels.addRowProducts(db, dy, left, rows, columns);
      };
    },
  });
}
