import { columns, concatColumns } from '../../engine/ops/columns.ts';
import { poolRows } from '../../engine/ops/pool.ts';
import type { Tape } from '../../engine/tape/tape.ts';
import { reshape, type Tensor } from '../../engine/tape/tensor.ts';
import type { CnnOp } from './cnn-op.ts';
import type { Operation } from './operation.ts';

const SIZE = 3;

/** The greatest or the mean of a row and the two before it. */
export const pool: CnnOp<Extract<Operation, { op: 'pool' }>> = {
  kind: 'pool',
  activated: false,
  apply: (tape, x, { of }) =>
    poolRows(tape, withOlder(tape, x, SIZE - 1), { kind: of, size: SIZE, stride: 1 }),
  span: () => SIZE,
  macs: () => 0,
};

/** The oldest row stands for `count` more before it. */
function withOlder(tape: Tape, x: Tensor, count: number): Tensor {
  const [windows = 1, rows = 1, channels = 1] = x.shape;
  const whole = reshape(x, [windows, rows * channels]);
  const oldest = columns(tape, whole, 0, channels);
  const joined = concatColumns(tape, [...new Array<Tensor>(count).fill(oldest), whole]);
  return reshape(joined, [windows, rows + count, channels]);
}
