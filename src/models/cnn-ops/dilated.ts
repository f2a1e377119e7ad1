import { causalConvolution, seenRows, spanOf } from './causal-convolution.ts';
import type { CnnOp } from './cnn-op.ts';
import type { Operation } from './operation.ts';

const TAPS = { size: 3, dilation: 2 };

/** All channels of a row and of every second one before it. */
export const dilated: CnnOp<Extract<Operation, { op: 'dilated' }>> = {
  kind: 'dilated',
  activated: true,
  apply: (tape, x, _, name) => causalConvolution(tape, x, TAPS, name),
  span: () => spanOf(TAPS),
  macs: (rows, channels) => seenRows(TAPS, rows) * channels * channels,
};
