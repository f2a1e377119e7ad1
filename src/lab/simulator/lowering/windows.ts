// Steps along the rows of a window: convolutions, and pools.
import { type Reach, reachOf, tapsOf } from '../../../engine/ops/taps.ts';
import type { Step } from '../../../engine/tape/tape.ts';
import { asRows, type Tensor } from '../../../engine/tape/tensor.ts';
import { isCausal, numberOf } from '../../../models/foreign-steps.ts';
import type { Matrix, Part, StepLowering, WorkBuilder } from './graph.ts';
import { biasBack, dense, inputOf, productBack, viewOf, windowsOf } from './products.ts';

function reachOfStep(step: Step, size: number): Reach {
  const dilation = Number(step.attributes?.['dilation'] ?? 1);
  return reachOf(size, dilation, isCausal(step));
}

/** One product for each tap, over the rows for which it lies within the window; all add to the same output. */
export const conv1d: StepLowering = {
  forward(graph, step) {
    const [x, w, b] = [inputOf(step, 0), inputOf(step, 1), step.inputs[2]];
    const { inner, columns, rows, stride, taps } = shapeOf(step);
    const made = graph.add({
      ...{ kind: 'convolution', taps: 'parts' },
      parts: taps.map(({ index, from, count, windows }) => ({
        ...dense(windows, count, columns, inner),
        rightShared: true,
        left: viewOf(x, [rows * inner, stride * inner, 1], from * inner),
        right: viewOf(w, [0, 1, columns], index * inner * columns),
      })),
      ...{ leftRole: graph.roleOf(x), rightRole: graph.roleOf(w) },
      reads: [...graph.valuesOf(x), ...graph.valuesOf(w), ...(b ? graph.valuesOf(b) : [])],
      output: { elements: step.output.size, role: 'activation', storage: step.output.storage },
    });
    graph.setValues(step.output, [made]);
  },
  back(graph, step) {
    const [x, w, b] = [inputOf(step, 0), inputOf(step, 1), step.inputs[2]];
    const { inner, columns, taps } = shapeOf(step);
    const dy = graph.gradientOf(step.output);
    if (b) biasBack(graph, b, dy, step.output.size / columns);
    productBack(graph, w, 'dW', {
      reads: [...graph.valuesOf(x), ...dy],
      roles: [graph.roleOf(x), 'gradient'],
      parts: taps.map(({ count, windows }) => dense(1, inner, columns, windows * count)),
      ...{ kind: 'convolution', taps: 'parts' },
    });
    productBack(graph, x, 'dX', {
      reads: [...dy, ...graph.valuesOf(w)],
      roles: ['gradient', graph.roleOf(w)],
      parts: taps.map(({ count, windows }) => ({
        ...dense(windows, count, inner, columns),
        rightShared: true,
      })),
      ...{ kind: 'convolution', taps: 'parts' },
    });
  },
};

function shapeOf(step: Step) {
  const [x, w] = [inputOf(step, 0), inputOf(step, 1)];
  const { windows, rows, columns: inner } = windowsOf(x);
  const [size = 1, , columns = 1] = w.shape;
  const stride = numberOf(step, 'stride');
  const taps = tapsOf(reachOfStep(step, size), rows, stride).map((tap) => ({ ...tap, windows }));
  return { rows, inner, columns, stride, taps };
}

/** Each channel by itself: K multiplications for each element, fewer at the edges of the window. */
export const depthwiseConv1d: StepLowering = {
  forward(graph, step) {
    const [x, w, b] = [inputOf(step, 0), inputOf(step, 1), step.inputs[2]];
    const part = depthwisePart(step);
    const made = graph.add({
      ...{ kind: 'convolution', taps: 'inner', parts: [part] },
      ...{ leftRole: graph.roleOf(x), rightRole: graph.roleOf(w) },
      reads: [...graph.valuesOf(x), ...graph.valuesOf(w), ...(b ? graph.valuesOf(b) : [])],
      output: { elements: step.output.size, role: 'activation', storage: step.output.storage },
    });
    graph.setValues(step.output, [made]);
  },
  back(graph, step) {
    const [x, w, b] = [inputOf(step, 0), inputOf(step, 1), step.inputs[2]];
    const part = depthwisePart(step);
    const dy = graph.gradientOf(step.output);
    if (b) biasBack(graph, b, dy, asRows(step.output)[0]);
    const common = { kind: 'convolution', taps: 'inner', parts: [part] } as const;
    productBack(graph, w, 'dW', {
      ...{ ...common, roles: [graph.roleOf(x), 'gradient'] },
      reads: [...graph.valuesOf(x), ...dy],
    });
    productBack(graph, x, 'dX', {
      ...{ ...common, roles: ['gradient', graph.roleOf(w)] },
      reads: [...dy, ...graph.valuesOf(w)],
    });
  },
};

function depthwisePart(step: Step): Part {
  const { windows, rows, columns } = windowsOf(step.output);
  const [size = 1] = inputOf(step, 1).shape;
  const macs = windows * columns * pairsOf(reachOfStep(step, size), rows);
  return { ...dense(windows, rows, columns, size), rightShared: true, macs };
}

/** Rows and taps that lie within the window. */
function pairsOf(reach: Reach, rows: number): number {
  return tapsOf(reach, rows, 1).reduce((sum, { count }) => sum + count, 0);
}

/** Softmax of the kernels, then the rows around each weighed by them. */
export const dynamicConv: StepLowering = {
  forward(graph, step) {
    const [values, kernels] = [inputOf(step, 0), inputOf(step, 1)];
    const { windows, rows, columns } = windowsOf(kernels);
    const weights = step.saved?.[0] as Tensor;
    const size = numberOf(step, 'size');
    const shares = graph.add({
      ...{ kind: 'softmax', part: 'softmax', reads: graph.valuesOf(kernels) },
      ...{ batch: windows, rows: (rows * columns) / size, columns: size },
      output: { elements: kernels.size, role: 'activation', storage: weights.storage },
    });
    graph.setValues(weights, [shares]);
    const made = graph.add({
      ...{ kind: 'convolution', taps: 'inner', part: 'mix', parts: [dynamicPart(step)] },
      ...{ leftRole: graph.roleOf(values), rightRole: 'activation' },
      reads: [...graph.valuesOf(values), shares],
      output: { elements: step.output.size, role: 'activation', storage: step.output.storage },
    });
    graph.setValues(step.output, [made]);
  },
  back(graph, step) {
    const [values, kernels] = [inputOf(step, 0), inputOf(step, 1)];
    const shares = graph.valuesOf(step.saved?.[0] as Tensor);
    const dy = graph.gradientOf(step.output);
    const common = { kind: 'convolution', taps: 'inner', parts: [dynamicPart(step)] } as const;
    productBack(graph, values, 'dV', {
      ...{ ...common, roles: ['gradient', 'activation'], reads: [...dy, ...shares] },
    });
    graph.addGradient(kernels, (before) => [kernelsBack(graph, step, [...dy], shares, before)]);
  },
};

function kernelsBack(
  graph: WorkBuilder,
  step: Step,
  dy: readonly Matrix[],
  shares: readonly Matrix[],
  before: readonly Matrix[],
): Matrix {
  const [values, kernels] = [inputOf(step, 0), inputOf(step, 1)];
  const { windows, rows, columns } = windowsOf(kernels);
  const size = numberOf(step, 'size');
  const dShares = graph.add({
    ...{ kind: 'convolution', taps: 'inner', part: 'dP', parts: [dynamicPart(step)] },
    ...{ leftRole: 'gradient', rightRole: graph.roleOf(values) },
    reads: [...dy, ...graph.valuesOf(values)],
    output: { elements: kernels.size, role: 'gradient' },
  });
  return graph.add({
    ...{ kind: 'softmax', part: 'softmax back', reads: [dShares, ...shares, ...before] },
    ...{ batch: windows, rows: (rows * columns) / size, columns: size },
    output: { elements: kernels.size, role: 'gradient' },
  });
}

function dynamicPart(step: Step): Part {
  const { windows, rows, columns } = windowsOf(step.output);
  const size = numberOf(step, 'size');
  const macs = windows * columns * pairsOf(reachOfStep(step, size), rows);
  return { ...dense(windows, rows, columns, size), macs };
}

/** Compares or adds `size` rows for each of the output. */
export const poolRows: StepLowering = {
  forward(graph, step) {
    const x = inputOf(step, 0);
    const { windows, rows, columns } = windowsOf(step.output);
    const made = graph.add({
      ...{ kind: 'pool', batch: windows, rows, columns, times: numberOf(step, 'size') },
      reads: graph.valuesOf(x),
      output: { elements: step.output.size, role: 'activation', storage: step.output.storage },
    });
    graph.setValues(step.output, [made]);
  },
  back(graph, step) {
    const x = inputOf(step, 0);
    const { windows, rows, columns } = windowsOf(step.output);
    const isMax = step.kind === 'max-rows';
    const seen = isMax ? [...graph.valuesOf(x), ...graph.valuesOf(step.output)] : [];
    graph.addGradient(x, (before) => [
      graph.add({
        ...{ kind: 'element', part: 'dX', batch: windows, rows, columns },
        times: numberOf(step, 'size'),
        reads: [...graph.gradientOf(step.output), ...seen, ...before],
        output: { elements: x.size, role: 'gradient' },
      }),
    ]);
  },
};
