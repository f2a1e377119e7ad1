import { depthwiseConv1d } from '../../engine/ops/depthwise-conv1d.ts';
import { dynamicConv } from '../../engine/ops/dynamic-conv.ts';
import { multiplyElements } from '../../engine/ops/elements.ts';
import { reachOf, tapsOf } from '../../engine/ops/taps.ts';
import type { Head } from '../design-point.ts';
import type { EncoderOp } from './encoder-op.ts';
import { project } from './project.ts';

/**
 * Span-based dynamic convolution: each row makes its own kernel from what lies around it.
 * Jiang et al. 2020, "ConvBERT: improving BERT with span-based dynamic convolution".
 */
export const convolution: EncoderOp<Extract<Head, { op: 'convolution' }>> = {
  kind: 'convolution',
  mix(tape, x, { kernel }, { count, width, name }) {
    const columns = count * width;
    const query = project(tape, x, columns, `${name}.query`);
    const key = project(tape, x, columns, `${name}.key`);
    const taps = tape.parameter(`${name}.span.taps`, [kernel, columns]);
    const span = depthwiseConv1d(tape, key, taps, tape.parameter(`${name}.span.bias`, [columns]));
    const spanned = project(tape, span, columns, `${name}.pointwise`);
    const mixed = multiplyElements(tape, spanned, query);
    const kernels = project(tape, mixed, count * kernel, `${name}.kernel`);
    const values = project(tape, x, columns, `${name}.value`);
    return dynamicConv(tape, values, kernels, { heads: count, size: kernel });
  },
  macs(rows, hidden, { kernel }, { count, width }) {
    const columns = count * width;
    const projections = 3 * hidden + columns + count * kernel;
    const seen = tapsOf(reachOf(kernel, 1, false), rows, 1).reduce(
      (sum, tap) => sum + tap.count,
      0,
    );
    return columns * (rows * (projections + 1) + 2 * seen);
  },
};
