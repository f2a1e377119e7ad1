// What a head may do. A new operation is one file and one word here.
import type { Head } from '../design-point.ts';
import { attention } from './attention.ts';
import { convolution } from './convolution.ts';
import type { EncoderOp } from './encoder-op.ts';
import { transform } from './transform.ts';

const ops: { readonly [Kind in Head['op']]: EncoderOp<Extract<Head, { op: Kind }>> } = {
  attention,
  transform,
  convolution,
};

/** The operation of a head. */
export function opOf(head: Head): EncoderOp {
  // Its own kind of head is all an operation is ever given.
  return ops[head.op] as unknown as EncoderOp;
}
