// Steps along the rows of windows. ONNX keeps channels in front of rows.
//
// Notation   B batch, T rows, H channels, K taps, n heads, d = H / n columns of a head
import { reachOf } from '../../../engine/ops/taps.ts';
import type { Step } from '../../../engine/tape/tape.ts';
import { isCausal, numberOf } from '../../foreign-steps.ts';
import { type Attributes, batched, type StepWriter, tensorAt, type Writing } from '../graph.ts';

/** (B, T, H) to (B, H, T), and back. */
const EXCHANGED = [0, 2, 1];

export const conv1d: StepWriter = (step, writing) => {
  const weights = tensorAt(step.inputs, 1);
  // (K, I, O) to (O, I, K)
  const kernels = writing.graph.transpose(writing.read(weights), [2, 1, 0]);
  const [size = 1] = weights.shape;
  return convolve(step, writing, kernels, { ...reaching(step, size), strides: strideOf(step) });
};

export const depthwiseConv1d: StepWriter = (step, writing) => {
  const { graph, read } = writing;
  const weights = tensorAt(step.inputs, 1);
  const [size = 1, channels = 1] = weights.shape;
  const across = graph.transpose(read(weights), [1, 0]);
  const kernels = graph.reshape(across, [channels, 1, size]);
  return convolve(step, writing, kernels, { ...reaching(step, size), group: channels });
};

/** The neighbours of each row are gathered: (B, T, n, 1, K) weights times (B, T, n, K, d) neighbours. */
export const dynamicConv: StepWriter = (step, { graph, read }) => {
  const [values, kernels] = [tensorAt(step.inputs, 0), tensorAt(step.inputs, 1)];
  const [heads, size] = [numberOf(step, 'heads'), numberOf(step, 'size')];
  const [, rows = 1, columns = 1] = values.shape;
  const apart = graph.reshape(read(kernels), [-1, rows, heads, 1, size]);
  const weights = graph.node('Softmax', [apart], { axis: -1 });
  const { before } = reachOf(size, 1, isCausal(step));
  const beyond = graph.integers([0, before, 0, 0, size - 1 - before, 0]);
  const padded = graph.node('Pad', [read(values), beyond]);
  const places = Array.from({ length: rows * size }, (_, i) => Math.floor(i / size) + (i % size));
  const gathered = graph.node('Gather', [padded, graph.integers(places, [rows, size])], {
    axis: 1,
  });
  const split = graph.reshape(gathered, [-1, rows, size, heads, columns / heads]);
  const neighbours = graph.transpose(split, [0, 1, 3, 2, 4]);
  return graph.reshape(graph.node('MatMul', [weights, neighbours]), batched(values.shape));
};

export const maxRows: StepWriter = (step, writing) => poolWith('MaxPool', step, writing);

export const meanRows: StepWriter = (step, writing) => poolWith('AveragePool', step, writing);

function poolWith(type: string, step: Step, { graph, read }: Writing): string {
  const across = graph.transpose(read(tensorAt(step.inputs, 0)), EXCHANGED);
  const pooled = graph.node(type, [across], {
    kernel_shape: [numberOf(step, 'size')],
    strides: strideOf(step),
  });
  return graph.transpose(pooled, EXCHANGED);
}

function convolve(
  { inputs }: Step,
  { graph, read }: Writing,
  kernels: string,
  attributes: Attributes,
): string {
  const across = graph.transpose(read(tensorAt(inputs, 0)), EXCHANGED);
  const bias = inputs.slice(2).map(read);
  return graph.transpose(graph.node('Conv', [across, kernels, ...bias], attributes), EXCHANGED);
}

function reaching(step: Step, size: number): Attributes {
  const dilation = numberOf(step, 'dilation');
  const { before } = reachOf(size, dilation, isCausal(step));
  return { dilations: [dilation], pads: [before, (size - 1) * dilation - before] };
}

function strideOf(step: Step): readonly number[] {
  return [numberOf(step, 'stride')];
}
