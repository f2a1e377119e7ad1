import { describe, it } from 'vitest';
import { attention } from '../../../src/engine/ops/attention.ts';
import { conv1d } from '../../../src/engine/ops/conv1d.ts';
import { depthwiseConv1d } from '../../../src/engine/ops/depthwise-conv1d.ts';
import { dynamicConv } from '../../../src/engine/ops/dynamic-conv.ts';
import { multiplyElements } from '../../../src/engine/ops/elements.ts';
import { linear } from '../../../src/engine/ops/linear.ts';
import { cosineMix, fourierMix } from '../../../src/engine/ops/mixes.ts';
import { poolRows } from '../../../src/engine/ops/pool.ts';
import type { Tape } from '../../../src/engine/tape/tape.ts';
import type { Tensor } from '../../../src/engine/tape/tensor.ts';
import { checkGolden } from './check-golden.ts';

/** As many inputs as the operation of the case has. */
type Inputs = readonly [Tensor, Tensor, Tensor, Tensor, Tensor, Tensor];

const operations: Record<string, (tape: Tape, inputs: Inputs) => Tensor> = {
  attention: (tape, [q, k, v]) => attention(tape, q, k, v, { heads: 2 }),
  'attention-causal': (tape, [q, k, v]) => attention(tape, q, k, v, { heads: 3, causal: true }),
  'attention-multiplicative': (tape, [q, k, v, multiplicative]) =>
    attention(tape, q, k, v, { heads: 2, multiplicative }),
  conv1d: (tape, [x, w, b]) => conv1d(tape, x, w, b),
  'conv1d-dilated': (tape, [x, w, b]) => conv1d(tape, x, w, b, { dilation: 2 }),
  'conv1d-causal': (tape, [x, w, b]) => conv1d(tape, x, w, b, { dilation: 3, causal: true }),
  'conv1d-strided': (tape, [x, w, b]) => conv1d(tape, x, w, b, { stride: 2 }),
  'depthwise-conv1d': (tape, [x, w, b]) => depthwiseConv1d(tape, x, w, b, { dilation: 2 }),
  'depthwise-conv1d-causal': (tape, [x, w, b]) => depthwiseConv1d(tape, x, w, b, { causal: true }),
  'span-dynamic-conv': (tape, [query, key, value, taps, pointwise, toKernels]) => {
    const spanned = linear(tape, depthwiseConv1d(tape, key, taps), pointwise);
    const kernels = linear(tape, multiplyElements(tape, spanned, query), toKernels);
    return dynamicConv(tape, value, kernels, { heads: 2, size: 5 });
  },
  'fourier-mix': (tape, [x]) => fourierMix(tape, x, { heads: 2 }),
  'cosine-mix': (tape, [x]) => cosineMix(tape, x, { heads: 2 }),
  'max-rows': (tape, [x]) => poolRows(tape, x, { kind: 'max', size: 3, stride: 2 }),
  'mean-rows': (tape, [x]) => poolRows(tape, x, { kind: 'mean', size: 2, stride: 2 }),
};

describe('operations on windows', () => {
  it.each(Object.entries(operations))('are what the references compute: %s', (name, build) => {
    // checkGolden passes as many as the case has.
    checkGolden(name, (tape, inputs) => build(tape, inputs as unknown as Inputs));
  });
});
