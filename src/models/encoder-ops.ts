// What a head of an encoder may do with the rows of a window: on the tape, and in multiplications.

import { attention as attend } from '../engine/ops/attention.ts';
import { depthwiseConv1d } from '../engine/ops/depthwise-conv1d.ts';
import { dynamicConv } from '../engine/ops/dynamic-conv.ts';
import { multiplyElements } from '../engine/ops/elements.ts';
import { cosineMix, fourierMix } from '../engine/ops/mixes.ts';
import { reachOf, tapsOf } from '../engine/ops/taps.ts';
import type { Tape } from '../engine/tape/tape.ts';
import type { Tensor } from '../engine/tape/tensor.ts';
import { type Head, headWidthsOf, joinedWidthsOf } from './design-point.ts';
import { project } from './layers.ts';

/** A group of equal heads in its layer. */
interface HeadPlace {
  /** d, columns of each head. */
  readonly width: number;
  /** The prefix of the group's weights. */
  readonly name: string;
}

/** Mixes the rows of a window; adjacent heads of one kind are one call. */
interface EncoderOp<H extends Head = Head> {
  readonly kind: H['op'];
  /** x (B, P, h) to (B, P, n*d), for n heads of one kind; its weights go on the tape. */
  mix(tape: Tape, x: Tensor, heads: readonly [H, ...H[]], place: HeadPlace): Tensor;
  /** Multiplications of one window of P rows and h columns. */
  macs(rows: number, hidden: number, heads: readonly [H, ...H[]], width: number): number;
}

/** The operation of a head. */
export function opOf(head: Head): EncoderOp {
  // An operation only ever gets heads of its own kind.
  return ops[head.op] as unknown as EncoderOp;
}

/** Attention between rows: softmax(q k / sqrt(d)) v, or with a matrix between q and k. */
const attention: EncoderOp<Extract<Head, { op: 'attention' }>> = {
  kind: 'attention',
  mix(tape, x, heads, { width, name }) {
    const widths = heads.map((head) => headWidthsOf(head, width));
    const joined = joinedWidthsOf(heads, width);
    const q = project(tape, x, joined.query, `${name}.query`);
    const k = project(tape, x, joined.query, `${name}.key`);
    const v = project(tape, x, joined.value, `${name}.value`);
    const count = heads.length;
    const multiplicative =
      heads[0].form === 'multiplicative'
        ? tape.parameter(`${name}.between.weights`, [count, width, width])
        : undefined;
    const { pruning } = tape;
    return attend(tape, q, k, v, {
      ...{ heads: widths, width, multiplicative, name },
      pruning: {
        queries: pruning[`${name}.queries`],
        probabilities: pruning[`${name}.probabilities`],
      },
    });
  },
  macs(rows, hidden, heads, width) {
    const { query: scored, value: mixed } = joinedWidthsOf(heads, width);
    const projections = rows * hidden * (2 * scored + mixed);
    const between = heads[0].form === 'multiplicative' ? rows * heads.length * width ** 2 : 0;
    return projections + between + rows * rows * (scored + mixed);
  },
};

/**
 * Span-based dynamic convolution: each row makes its own kernel from the rows around it.
 * Jiang et al. 2020, "ConvBERT: improving BERT with span-based dynamic convolution".
 */
const convolution: EncoderOp<Extract<Head, { op: 'convolution' }>> = {
  kind: 'convolution',
  mix(tape, x, heads, { width, name }) {
    const count = heads.length;
    const [{ kernel }] = heads;
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
  macs(rows, hidden, heads, width) {
    const count = heads.length;
    const [{ kernel }] = heads;
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
  mix(tape, x, heads, { width, name }) {
    const count = heads.length;
    const [{ basis }] = heads;
    const values = project(tape, x, count * width, `${name}.value`);
    const mix = basis === 'dft' ? fourierMix : cosineMix;
    return mix(tape, values, { heads: count });
  },
  macs(rows, hidden, heads, width) {
    const [{ basis }] = heads;
    const columns = heads.length * width;
    const once = rows * columns * (rows + width);
    return rows * hidden * columns + (basis === 'dft' ? 2 * once : once);
  },
};

const ops: { readonly [Kind in Head['op']]: EncoderOp<Extract<Head, { op: Kind }>> } = {
  attention,
  transform,
  convolution,
};
