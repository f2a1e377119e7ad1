import { project } from '../ops/project.ts';
import type { CnnOp } from './cnn-op.ts';
import type { Operation } from './operation.ts';

/** A row by itself: a projection without an activation. */
export const skip: CnnOp<Extract<Operation, { op: 'skip' }>> = {
  kind: 'skip',
  activated: false,
  apply: (tape, x, _, name) => project(tape, x, x.shape.at(-1) ?? 1, name),
  span: () => 1,
  macs: (rows, channels) => rows * channels * channels,
};
