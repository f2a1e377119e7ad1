// One row for each window: the mean or the greatest of its rows, column by column.
import type { Tape } from '../tape/tape.ts';
import { reshape, type Tensor } from '../tape/tensor.ts';
import { asWindows } from './axes.ts';
import { poolRows } from './pool-rows.ts';

/** (B, T, H) -> (B, H) */
export function pool(tape: Tape, x: Tensor, kind: 'mean' | 'max'): Tensor {
  const [windows, rows, columns] = asWindows(x);
  return reshape(poolRows(tape, x, { kind, size: rows, stride: rows }), [windows, columns]);
}
