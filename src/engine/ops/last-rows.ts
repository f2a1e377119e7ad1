// The newest rows of each window.
import type { Tape } from '../tape/tape.ts';
import { reshape, type Tensor } from '../tape/tensor.ts';
import { asWindows } from './axes.ts';
import { columns } from './columns.ts';

/** (B, T, H) -> (B, count, H). A window is one long row here, and its newest rows are the last columns of that. */
export function lastRows(tape: Tape, x: Tensor, count: number): Tensor {
  const [windows, rows, width] = asWindows(x);
  if (!(Number.isInteger(count) && count >= 1 && count <= rows)) {
    throw new RangeError(`there are no last ${count} rows in windows of ${rows}`);
  }
  const whole = reshape(x, [windows, rows * width]);
  const last = columns(tape, whole, (rows - count) * width, count * width);
  return reshape(last, [windows, count, width]);
}
