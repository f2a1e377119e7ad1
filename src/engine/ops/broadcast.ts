// How two tensors meet element by element: b has the shape of a, or that of its last axes and is the same for all else.
import type { Tensor } from '../tape/tensor.ts';

/** b meets a (rows, columns) as one row. Throws RangeError where it cannot. */
export function broadcast(a: Tensor, b: Tensor): readonly [rows: number, columns: number] {
  const last = a.shape.slice(a.shape.length - b.shape.length);
  if (b.shape.length > a.shape.length || last.some((length, axis) => length !== b.shape[axis])) {
    throw new RangeError(
      `${b.shape.join('x')} does not fit ${a.shape.join('x')}: it must be the same, or its last axes`,
    );
  }
  return [a.size / b.size, b.size];
}
