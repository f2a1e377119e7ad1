// Each operation of a tape once or more, for engines that have to agree on it. Sizes are odd and small.
import { ACTIVATIONS, activation, softmax } from '../../src/engine/ops/activation.ts';
import { attention } from '../../src/engine/ops/attention.ts';
import { columns, concatColumns, lastRows } from '../../src/engine/ops/columns.ts';
import { conv1d } from '../../src/engine/ops/conv1d.ts';
import { depthwiseConv1d } from '../../src/engine/ops/depthwise-conv1d.ts';
import { dropout } from '../../src/engine/ops/dropout.ts';
import { dynamicConv } from '../../src/engine/ops/dynamic-conv.ts';
import { add, gradientScale, multiplyElements, scale } from '../../src/engine/ops/elements.ts';
import { headLinear } from '../../src/engine/ops/head-linear.ts';
import { layerNorm } from '../../src/engine/ops/layer-norm.ts';
import { linear } from '../../src/engine/ops/linear.ts';
import {
  binaryCrossEntropy,
  crossEntropy,
  gaussianNll,
  huberLoss,
  meanSquaredError,
  quantileLoss,
} from '../../src/engine/ops/losses.ts';
import { cosineMix, fourierMix } from '../../src/engine/ops/mixes.ts';
import { pool, poolRows } from '../../src/engine/ops/pool.ts';
import type { Tape } from '../../src/engine/tape/tape.ts';
import type { Tensor } from '../../src/engine/tape/tensor.ts';

/** Records the operation on inputs, each of which asks for its gradient. */
export type OpCase = (tape: Tape, input: (...shape: number[]) => Tensor) => Tensor;

const mask = (tape: Tape): Tensor => tape.constant([2, 3], [1, 0, 0.5, 2, 0, 1]);

/** By the file below engine/ops, one case or several. */
export const opCases: Readonly<Record<string, readonly OpCase[]>> = {
  activation: ACTIVATIONS.map((kind) => (tape, input) => activation(tape, input(3, 7), kind)),
  add: [
    (tape, input) => add(tape, input(2, 3, 5), input(2, 3, 5)),
    (tape, input) => add(tape, input(2, 3, 5), input(3, 5)),
  ],
  attention: [
    (tape, input) => attention(tape, input(2, 5, 6), input(2, 5, 6), input(2, 5, 6), { heads: 2 }),
    (tape, input) =>
      attention(tape, input(2, 5, 6), input(2, 5, 6), input(2, 5, 6), {
        heads: 3,
        causal: true,
        multiplicative: input(3, 2, 2),
      }),
    (tape, input) =>
      attention(tape, input(2, 5, 6), input(2, 5, 6), input(2, 5, 7), {
        heads: [
          { query: 1, value: 3 },
          { query: 5, value: 4 },
        ],
        width: 4,
      }),
    (tape, input) =>
      attention(tape, input(2, 5, 6), input(2, 5, 6), input(2, 5, 4), {
        heads: [
          { query: 3, value: 2 },
          { query: 3, value: 2 },
        ],
        width: 8,
        causal: true,
      }),
    (tape, input) =>
      attention(tape, input(2, 5, 6), input(2, 5, 6), input(2, 5, 6), {
        heads: 2,
        pruning: {
          queries: { form: 'elements', threshold: 0.5 },
          probabilities: { form: 'elements', threshold: 0.15 },
        },
      }),
    (tape, input) =>
      attention(tape, input(2, 5, 6), input(2, 5, 6), input(2, 5, 6), {
        heads: 3,
        causal: true,
        pruning: {
          queries: { form: 'columns', threshold: 1.4 },
          probabilities: { form: 'columns', threshold: 0.6 },
        },
      }),
  ],
  'binary-cross-entropy': [
    (tape, input) => binaryCrossEntropy(tape, input(2, 2), tape.constant([2, 2], [1, 0, 0.3, 0.9])),
  ],
  columns: [(tape, input) => columns(tape, input(2, 3, 7), 2, 3)],
  'concat-columns': [
    (tape, input) => concatColumns(tape, [input(2, 3, 1), input(2, 3, 4), input(2, 3, 2)]),
    (tape, input) => concatColumns(tape, [input(2, 3)]),
  ],
  conv1d: [
    (tape, input) => conv1d(tape, input(2, 7, 3), input(3, 3, 5), input(5)),
    (tape, input) =>
      conv1d(tape, input(2, 7, 3), input(4, 3, 2), undefined, { stride: 3, dilation: 2 }),
    (tape, input) =>
      conv1d(tape, input(2, 7, 3), input(3, 3, 2), input(2), { dilation: 2, causal: true }),
  ],
  'cosine-mix': [(tape, input) => cosineMix(tape, input(2, 5, 6), { heads: 2 })],
  'cross-entropy': [
    (tape, input) => crossEntropy(tape, input(2, 3), shares(tape)),
    (tape, input) => crossEntropy(tape, input(2, 3), shares(tape), tape.constant([2], [0.4, 0])),
  ],
  'depthwise-conv1d': [
    (tape, input) => depthwiseConv1d(tape, input(2, 7, 3), input(4, 3), input(3), { dilation: 2 }),
    (tape, input) =>
      depthwiseConv1d(tape, input(2, 7, 3), input(3, 3), undefined, { causal: true }),
  ],
  dropout: [(tape, input) => dropout(tape, input(5, 9), 0.4, 11)],
  'dynamic-conv': [
    (tape, input) => dynamicConv(tape, input(2, 7, 6), input(2, 7, 10), { heads: 2, size: 5 }),
    (tape, input) =>
      dynamicConv(tape, input(2, 4, 6), input(2, 4, 9), { heads: 3, size: 3, causal: true }),
  ],
  'fourier-mix': [(tape, input) => fourierMix(tape, input(2, 5, 6), { heads: 2 })],
  'gaussian-nll': [
    (tape, input) => gaussianNll(tape, input(2, 3), input(2, 3), input(2, 3), mask(tape)),
    (tape, input) => gaussianNll(tape, input(2, 3), input(2, 3), input(2, 3)),
  ],
  'gradient-scale': [(tape, input) => gradientScale(tape, input(2, 3), 0.3)],
  'head-linear': [(tape, input) => headLinear(tape, input(2, 5, 6), input(3, 2, 2))],
  'huber-loss': [
    (tape, input) => huberLoss(tape, input(2, 3), input(2, 3), 0.6, mask(tape)),
    (tape, input) => huberLoss(tape, input(4, 5), input(4, 5), 0.6),
  ],
  'last-rows': [(tape, input) => lastRows(tape, input(2, 7, 3), 2)],
  'layer-norm': [(tape, input) => layerNorm(tape, input(2, 3, 7), input(7), input(7))],
  linear: [
    (tape, input) => linear(tape, input(2, 3, 5), input(5, 4), input(4)),
    (tape, input) => linear(tape, input(3, 5), input(5, 1)),
    (tape, input) =>
      linear(tape, input(2, 3, 5), input(5, 4), input(4), {
        pruning: { form: 'elements', threshold: 0.7 },
      }),
    (tape, input) =>
      linear(tape, input(3, 4, 7), input(7, 4), undefined, {
        pruning: { form: 'columns', threshold: 1.2 },
      }),
  ],
  'mean-squared-error': [
    (tape, input) => meanSquaredError(tape, input(2, 3), input(2, 3), mask(tape)),
    (tape, input) => meanSquaredError(tape, input(2, 3), input(2, 3)),
  ],
  'multiply-elements': [
    (tape, input) => multiplyElements(tape, input(2, 3, 5), input(2, 3, 5)),
    (tape, input) => multiplyElements(tape, input(2, 3, 5), input(5)),
  ],
  pool: [
    (tape, input) => pool(tape, input(2, 5, 3), 'mean'),
    (tape, input) => pool(tape, input(2, 5, 3), 'max'),
  ],
  'pool-rows': [
    (tape, input) => poolRows(tape, input(2, 7, 3), { kind: 'mean', size: 3, stride: 2 }),
    (tape, input) => poolRows(tape, input(2, 8, 3), { kind: 'max', size: 2, stride: 3 }),
    // So far from 0 that all are equal: the first gets the gradient.
    (tape, input) =>
      poolRows(
        tape,
        add(tape, input(2, 9, 4), tape.constant([4], new Float32Array(4).fill(2 ** 27))),
        {
          kind: 'max',
          size: 3,
          stride: 1,
        },
      ),
  ],
  'quantile-loss': [(tape, input) => quantileLoss(tape, input(5, 3), input(5), [0.1, 0.5, 0.9])],
  scale: [(tape, input) => scale(tape, input(2, 3), -1.7)],
  softmax: [(tape, input) => softmax(tape, input(2, 3, 5))],
};

function shares(tape: Tape): Tensor {
  return tape.constant([2, 3], [0.2, 0.5, 0.3, 0, 0, 1]);
}
