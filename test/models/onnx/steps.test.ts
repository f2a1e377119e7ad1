// Each operation that can be part of a scoring network, written as ONNX and run by ONNX Runtime, against our own engine.
import { beforeAll, describe, expect, it } from 'vitest';
import { loadKernels } from '../../../src/engine/kernels/load.ts';
import { ACTIVATIONS, activation, softmax } from '../../../src/engine/ops/activation.ts';
import { attention } from '../../../src/engine/ops/attention.ts';
import { columns, concatColumns, lastRows } from '../../../src/engine/ops/columns.ts';
import { conv1d } from '../../../src/engine/ops/conv1d.ts';
import { depthwiseConv1d } from '../../../src/engine/ops/depthwise-conv1d.ts';
import { dropout } from '../../../src/engine/ops/dropout.ts';
import { dynamicConv } from '../../../src/engine/ops/dynamic-conv.ts';
import { add, gradientScale, multiplyElements, scale } from '../../../src/engine/ops/elements.ts';
import { headLinear } from '../../../src/engine/ops/head-linear.ts';
import { layerNorm } from '../../../src/engine/ops/layer-norm.ts';
import { linear } from '../../../src/engine/ops/linear.ts';
import { meanSquaredError } from '../../../src/engine/ops/losses.ts';
import { cosineMix, fourierMix } from '../../../src/engine/ops/mixes.ts';
import { pool, poolRows } from '../../../src/engine/ops/pool.ts';
import { createRandom } from '../../../src/engine/random.ts';
import { Tape } from '../../../src/engine/tape/tape.ts';
import { reshape, type Tensor } from '../../../src/engine/tape/tensor.ts';
import { onnxFile } from '../../../src/models/onnx/file.ts';
import type { OnnxGraph } from '../../../src/models/onnx/graph.ts';
import { TRAINING_ONLY } from '../../../src/models/onnx/steps/index.ts';
import { tapeGraph } from '../../../src/models/onnx/tape-graph.ts';
import { recordingOps } from '../../engine/ops/recording-ops.ts';
import { hasOnnxRuntime, type OnnxResult, runOnnx } from './onnx-runtime.ts';

/** T rows of H columns. */
const [T, H] = [7, 6];
const BATCH = 3;
const kernels = await loadKernels('auto');

/** x (B, T, H) to anything (B, ...). Named after the operation, and what is special. */
const cases: Readonly<Record<string, (tape: Tape, x: Tensor) => Tensor>> = {
  ...Object.fromEntries(
    ACTIVATIONS.map((kind) => [`activation ${kind}`, (tape, x) => activation(tape, x, kind)]),
  ),
  add: (tape, x) => add(tape, x, tape.parameter('b', [T, H])),
  'add of its own': (tape, x) => add(tape, x, scale(tape, x, 0.5)),
  attention: (tape, x) => attention(tape, x, scale(tape, x, -0.7), x, { heads: 3 }),
  'attention causal': (tape, x) => attention(tape, x, x, x, { heads: 2, causal: true }),
  'attention with heads of unequal columns': (tape, x) =>
    attention(tape, columns(tape, x, 0, 4), columns(tape, x, 1, 4), x, {
      heads: [
        { query: 1, value: 4 },
        { query: 3, value: 2 },
      ],
      width: 5,
    }),
  'attention with narrowed heads': (tape, x) =>
    attention(tape, columns(tape, x, 0, 2), columns(tape, x, 1, 2), columns(tape, x, 1, 4), {
      heads: [
        { query: 1, value: 2 },
        { query: 1, value: 2 },
      ],
      width: 3,
      causal: true,
    }),
  'attention multiplicative': (tape, x) =>
    attention(tape, x, x, x, { heads: 2, multiplicative: tape.parameter('between', [2, 3, 3]) }),
  'attention of large elements': (tape, x) =>
    attention(tape, x, x, x, {
      heads: 3,
      pruning: {
        queries: { form: 'elements', threshold: 0.5 },
        probabilities: { form: 'elements', threshold: 0.15 },
      },
    }),
  'attention of large columns': (tape, x) =>
    attention(tape, x, x, x, {
      heads: 2,
      pruning: {
        queries: { form: 'columns', threshold: 1.4 },
        probabilities: { form: 'columns', threshold: 0.5 },
      },
    }),
  columns: (tape, x) => columns(tape, x, 1, 4),
  'concat-columns': (tape, x) => concatColumns(tape, [x, columns(tape, x, 2, 3), x]),
  conv1d: (tape, x) =>
    conv1d(tape, x, tape.parameter('w', [4, H, 5]), tape.parameter('b', [5]), { dilation: 2 }),
  'conv1d causal': (tape, x) => conv1d(tape, x, tape.parameter('w', [3, H, 2]), undefined, CAUSAL),
  'conv1d strided': (tape, x) =>
    conv1d(tape, x, tape.parameter('w', [4, H, 5]), undefined, { stride: 2 }),
  'cosine-mix': (tape, x) => cosineMix(tape, x, { heads: 2 }),
  'depthwise-conv1d': (tape, x) =>
    depthwiseConv1d(tape, x, tape.parameter('w', [4, H]), tape.parameter('b', [H])),
  'depthwise-conv1d causal': (tape, x) =>
    depthwiseConv1d(tape, x, tape.parameter('w', [3, H]), undefined, CAUSAL),
  dropout: (tape, x) => dropout(tape, x, 0.4, 1),
  'dynamic-conv': (tape, x) =>
    dynamicConv(tape, x, linear(tape, x, tape.parameter('w', [H, 10])), { heads: 2, size: 5 }),
  'dynamic-conv causal': (tape, x) =>
    dynamicConv(tape, x, linear(tape, x, tape.parameter('w', [H, 12])), {
      heads: 3,
      size: 4,
      causal: true,
    }),
  'fourier-mix': (tape, x) => fourierMix(tape, x, { heads: 2 }),
  'gradient-scale': (tape, x) => gradientScale(tape, x, 3),
  'head-linear': (tape, x) => headLinear(tape, x, tape.parameter('w', [3, 2, 2])),
  'last-rows': (tape, x) => lastRows(tape, x, 2),
  'layer-norm': (tape, x) =>
    layerNorm(tape, x, tape.parameter('gain', [H]), tape.parameter('bias', [H])),
  linear: (tape, x) => linear(tape, x, tape.parameter('w', [H, 5]), tape.parameter('b', [5])),
  'linear of large elements': (tape, x) =>
    linear(tape, x, tape.parameter('w', [H, 5]), tape.parameter('b', [5]), {
      pruning: { form: 'elements', threshold: 0.7 },
    }),
  'linear of large columns': (tape, x) =>
    linear(tape, x, tape.parameter('w', [H, 5]), undefined, {
      pruning: { form: 'columns', threshold: 1.7 },
    }),
  'linear of weights in another shape': (tape, x) =>
    linear(tape, x, reshape(tape.parameter('w', [2, 3, 5]), [H, 5])),
  'multiply-elements': (tape, x) => multiplyElements(tape, x, tape.parameter('b', [H])),
  pool: (tape, x) => pool(tape, x, 'max'),
  'pool-rows': (tape, x) => poolRows(tape, x, { kind: 'max', size: 3, stride: 2 }),
  'pool-rows mean': (tape, x) => poolRows(tape, x, { kind: 'mean', size: 4, stride: 1 }),
  scale: (tape, x) => scale(tape, x, -2.5),
  softmax: (tape, x) => softmax(tape, x),
};
const CAUSAL = { causal: true, dilation: 2 };

describe('operations written as ONNX', () => {
  it('are all there are, but for those of training', () => {
    const written = Object.keys(cases).map((name) => name.split(' ')[0] as string);
    expect([...new Set([...written, ...TRAINING_ONLY])].sort()).toEqual(recordingOps());
  });

  it('are refused by name where they are part of training, or unknown', () => {
    const tape = new Tape();
    const x = tape.input([1, 3]);
    const loss = meanSquaredError(tape, x, tape.input([1, 3]));
    expect(() => graphOf(tape, x, loss)).toThrow(
      'the step mean-squared-error is part of training only: export what comes before it',
    );
    const strange = tape.record({ kind: 'strange', inputs: [x], output: x, forward: () => run });
    expect(() => graphOf(tape, x, strange)).toThrow(
      'the step strange cannot be written as ONNX: give it a writer in models/onnx/steps',
    );
  });

  it('leave out what leads elsewhere', () => {
    const tape = new Tape();
    const x = tape.input([1, 3]);
    const y = scale(tape, x, 2);
    meanSquaredError(tape, y, tape.input([1, 3]));
    expect(graphOf(tape, x, y).nodes.map(({ type }) => type)).toEqual(['Mul', 'Identity']);
  });
});

describe.skipIf(!hasOnnxRuntime)('in ONNX Runtime (python3-onnxruntime)', () => {
  const x = drawn('x', BATCH * T * H);
  let results: readonly OnnxResult[];

  beforeAll(() => {
    results = runOnnx(
      Object.values(cases).map((build) => {
        const tape = new Tape();
        const input = tape.input([1, T, H]);
        const graph = graphOf(tape, input, build(tape, input));
        const inputs = { x: { shape: [BATCH, T, H], values: [...x] } };
        return { bytes: onnxFile(graph, {}, '0'), inputs };
      }),
    );
  });

  it.each(Object.entries(cases))('%s is what our engine computes, for any batch', (name, build) => {
    const tape = new Tape();
    const input = tape.input([BATCH, T, H]);
    const output = build(tape, input);
    const program = kernels.compile(tape, { outputs: [output] });
    for (const { name, values } of program.parameters) values.set(drawn(name, values.length));
    program.valuesOf(input).set(x);
    program.forward();
    const wanted = program.valuesOf(output);
    const { outputs, stated } = results[Object.keys(cases).indexOf(name)] as OnnxResult;
    expect(outputs['y']?.shape).toEqual(output.shape);
    expect(stated['y']).toEqual(['batch', ...output.shape.slice(1)]);
    const off = outputs['y']?.values.map((value, i) => Math.abs(value - (wanted[i] as number)));
    expect(Math.max(...(off ?? [Number.NaN]))).toBeLessThan(1e-5);
  });
});

function graphOf(tape: Tape, x: Tensor, y: Tensor): OnnxGraph {
  const network = { name: 'n', description: '', tape, inputs: { x }, outputs: { y } };
  return tapeGraph({ ...network, weightsOf: drawn });
}

/** The same numbers for the same name. */
function drawn(name: string, size: number): Float32Array {
  const random = createRandom(name.charCodeAt(0));
  return Float32Array.from({ length: size }, () => random.normal());
}

function run(): void {
  throw new Error('nobody runs this');
}
