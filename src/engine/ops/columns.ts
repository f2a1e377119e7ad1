// A slice of the last axis.
import type { Tape } from '../tape/tape.ts';
import { asRows, type Tensor } from '../tape/tensor.ts';

/** Columns `from` to `from + count - 1` of each row. */
export function columns(tape: Tape, x: Tensor, from: number, count: number): Tensor {
  const [rows, width] = asRows(x);
  const whole = Number.isInteger(from) && Number.isInteger(count);
  if (!(whole && from >= 0 && count >= 1 && from + count <= width)) {
    throw new RangeError(`there are no ${count} columns from ${from} on in rows of ${width}`);
  }
  const output = tape.value([...x.shape.slice(0, -1), count]);
  return tape.record({
    kind: 'columns',
    attributes: { from, count },
    inputs: [x],
    output,
    rereads: [],
    forward({ kernels, at }) {
      const [y, a] = [at(output), at(x) + from];
      return () => kernels.copyBlock(y, count, a, width, rows, count);
    },
    backward({ kernels, gradientAt }) {
      const [dy, dx] = [gradientAt(output), gradientAt(x)];
      return () => kernels.addBlock(dx + from, width, dy, count, rows, count);
    },
  });
}
