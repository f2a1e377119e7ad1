import { causalConvolution, seenRows } from './causal-convolution.ts';
import type { CnnOp } from './cnn-op.ts';
import type { Operation } from './operation.ts';

/** All channels of a row and of those just before it. */
export const convolution: CnnOp<Extract<Operation, { op: 'convolution' }>> = {
  kind: 'convolution',
  activated: true,
  apply: (tape, x, { kernel }, name) =>
    causalConvolution(tape, x, { size: kernel, dilation: 1 }, name),
  span: ({ kernel }) => kernel,
  macs: (rows, channels, { kernel }) =>
    seenRows({ size: kernel, dilation: 1 }, rows) * channels * channels,
};
