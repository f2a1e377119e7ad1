import { depthwiseConv1d } from '../../engine/ops/depthwise-conv1d.ts';
import { project } from '../ops/project.ts';
import { seenRows, spanOf } from './causal-convolution.ts';
import type { CnnOp } from './cnn-op.ts';
import type { Operation } from './operation.ts';

const TAPS = { size: 5, dilation: 1 };

/** First each channel along time, then all channels of a row. */
export const separable: CnnOp<Extract<Operation, { op: 'separable' }>> = {
  kind: 'separable',
  activated: true,
  apply(tape, x, _, name) {
    const channels = x.shape.at(-1) ?? 1;
    const taps = tape.parameter(`${name}.depth.taps`, [TAPS.size, channels]);
    // No bias: that of the projection does.
    const along = depthwiseConv1d(tape, x, taps, undefined, { causal: true });
    return project(tape, along, channels, `${name}.point`);
  },
  span: () => spanOf(TAPS),
  macs: (rows, channels) => (seenRows(TAPS, rows) + rows * channels) * channels,
};
