// One row for each window: the mean or the greatest of its rows, column by column.
import type { Tape } from '../tape/tape.ts';
import { reshape, type Tensor } from '../tape/tensor.ts';
import { asWindows, requireCount } from './axes.ts';

/** (B, T, H) -> (B, H) */
export function pool(tape: Tape, x: Tensor, kind: 'mean' | 'max'): Tensor {
  const [windows, rows, columns] = asWindows(x);
  return reshape(poolRows(tape, x, { kind, size: rows, stride: rows }), [windows, columns]);
}

// The greatest or the mean of consecutive rows, column by column.
//
// Notation   x (B, T, H), y (B, floor((T - size) / stride) + 1, H); y_i is made of rows i stride .. i stride + size - 1

interface RowPooling {
  readonly kind: 'max' | 'mean';
  /** Rows of a pool, at most as many as there are. */
  readonly size: number;
  /** Rows between the beginnings of two pools. */
  readonly stride: number;
}

/** No padding: remaining rows that do not fill a pool are dropped. Of equal maxima the first gets the gradient. */
export function poolRows(tape: Tape, x: Tensor, { kind, size, stride }: RowPooling): Tensor {
  const [windows, rows, columns] = asWindows(x);
  requireCount('the size of a pool', size);
  requireCount('the stride', stride);
  if (size > rows)
    throw new RangeError(`a pool of ${size} rows is longer than a window of ${rows}`);
  const output = tape.value([windows, Math.floor((rows - size) / stride) + 1, columns]);
  const isMax = kind === 'max';
  return tape.record({
    kind: `${kind}-rows`,
    attributes: { size, stride },
    inputs: [x],
    output,
    rereads: isMax ? [x, output] : [],
    forward({ kernels, at }) {
      const [from, to] = [at(x), at(output)];
      return isMax
        ? () => kernels.maxRows(to, from, windows, rows, columns, size, stride)
        : () => kernels.meanRows(to, from, windows, rows, columns, size, stride);
    },
    backward({ kernels, at, gradientAt }) {
      const [dx, dy] = [gradientAt(x), gradientAt(output)];
      if (!isMax) return () => kernels.meanRowsBack(dx, dy, windows, rows, columns, size, stride);
      const [from, to] = [at(x), at(output)];
      return () => kernels.maxRowsBack(dx, dy, from, to, windows, rows, columns, size, stride);
    },
  });
}
