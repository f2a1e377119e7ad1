// What a vertex may do. A new operation is one file, one word here and one in `operation.ts`.
import type { CnnOp } from './cnn-op.ts';
import { convolution } from './convolution.ts';
import { dilated } from './dilated.ts';
import type { Operation } from './operation.ts';
import { pool } from './pool.ts';
import { separable } from './separable.ts';
import { skip } from './skip.ts';

const operations: { readonly [Kind in Operation['op']]: CnnOp<Extract<Operation, { op: Kind }>> } =
  { convolution, dilated, separable, pool, skip };

/** The operation of a vertex. */
export function operationOf(operation: Operation): CnnOp {
  // Its own kind is all an operation is ever given.
  return operations[operation.op] as unknown as CnnOp;
}
