// What a head of an encoder may do with the rows of a window: on the tape, and in multiplications.

import { attention as attend } from '../engine/ops/attention.ts';
import { depthwiseConv1d } from '../engine/ops/depthwise-conv1d.ts';
import { dynamicConv } from '../engine/ops/dynamic-conv.ts';
import { multiplyElements } from '../engine/ops/elements.ts';
import { cosineMix, fourierMix } from '../engine/ops/mixes.ts';
import { reachOf, tapsOf } from '../engine/ops/taps.ts';
import type { Tape } from '../engine/tape/tape.ts';
import type { Tensor } from '../engine/tape/tensor.ts';
import type { Head } from './design-point.ts';
import { project } from './layers.ts';

/** A group of equal heads in its layer. */
interface HeadPlace {
  /** n, heads of the group. */
  readonly count: number;
  /** d, columns of each. */
  readonly width: number;
  /** The prefix of the group's weights. */
  readonly name: string;
}

/** Mixes the rows of a window; adjacent heads of one kind are one call. */
interface EncoderOp<H extends Head = Head> {
  readonly kind: H['op'];
  /** x (B, P, h) to (B, P, n*d); its weights go on the tape. */
  mix(tape: Tape, x: Tensor, head: H, place: HeadPlace): Tensor;
  /** Multiplications of one window of P rows and h columns. */
  macs(rows: number, hidden: number, head: H, place: Pick<HeadPlace, 'count' | 'width'>): number;
}

/** The operation of a head. */
export function opOf(head: Head): EncoderOp {
  // An operation only ever gets heads of its own kind.
  return ops[head.op] as unknown as EncoderOp;
}

/** Attention between rows: softmax(q k / sqrt(d)) v, or with a matrix between q and k. */
const attention: EncoderOp<Extract<Head, { op: 'attention' }>> = {
  kind: 'attention',
  mix(tape, x, { form }, { count, width, name }) {
    const columns = count * width;
    const [q, k, v] = (['query', 'key', 'value'] as const).map((part) =>
      project(tape, x, columns, `${name}.${part}`),
    ) as [typeof x, typeof x, typeof x];
    const multiplicative =
      form === 'multiplicative'
        ? tape.parameter(`${name}.between.weights`, [count, width, width])
        : undefined;
    return attend(tape, q, k, v, { heads: count, multiplicative });
  },
  macs(rows, hidden, { form }, { count, width }) {
    const columns = count * width;
    const projections = 3 * rows * hidden * columns;
    const between = form === 'multiplicative' ? rows * columns * width : 0;
    return projections + between + 2 * rows * rows * columns;
  },
};

/**
 * Span-based dynamic convolution: each row makes its own kernel from the rows around it.
 * Jiang et al. 2020, "ConvBERT: improving BERT with span-based dynamic convolution".
 */
const convolution: EncoderOp<Extract<Head, { op: 'convolution' }>> = {
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

/** Fixed mixing over rows and columns of each head; only the mixed values are learned. */
const transform: EncoderOp<Extract<Head, { op: 'transform' }>> = {
  kind: 'transform',
  mix(tape, x, { basis }, { count, width, name }) {
    const values = project(tape, x, count * width, `${name}.value`);
    const mix = basis === 'dft' ? fourierMix : cosineMix;
    return mix(tape, values, { heads: count });
  },
  macs(rows, hidden, { basis }, { count, width }) {
    const columns = count * width;
    const once = rows * columns * (rows + width);
    return rows * hidden * columns + (basis === 'dft' ? 2 * once : once);
  },
};

const ops: { readonly [Kind in Head['op']]: EncoderOp<Extract<Head, { op: Kind }>> } = {
  attention,
  transform,
  convolution,
};
