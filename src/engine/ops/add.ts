// y = a + b
import type { Tape } from '../tape/tape.ts';
import type { Tensor } from '../tape/tensor.ts';
import { broadcast } from './broadcast.ts';

/** b has the shape of a, or of its last axes and is then added to each place of those in front. */
export function add(tape: Tape, a: Tensor, b: Tensor): Tensor {
  const [rows, columns] = broadcast(a, b);
  const output = tape.value(a.shape);
  return tape.record({
    kind: 'add',
    inputs: [a, b],
    output,
    rereads: [],
    forward({ kernels, at }) {
      const [y, left, right] = [at(output), at(a), at(b)];
      return () => kernels.addElements(y, left, right, rows, columns);
    },
    backward({ kernels, gradientAt }) {
      const [dy, da, db] = [gradientAt(output), gradientAt(a), gradientAt(b)];
      return () => {
        if (da) kernels.addScaled(da, 1, dy, a.size);
        if (db) kernels.addRows(db, dy, columns, rows, columns);
      };
    },
  });
}
