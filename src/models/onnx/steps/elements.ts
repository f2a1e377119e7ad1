// Steps that work on each element or row by itself.
import type { Activation } from '../../../engine/ops/activation.ts';
import type { Step } from '../../../engine/tape/tape.ts';
import { LEAK, numberOf } from '../../foreign-steps.ts';
import { type GraphBuilder, type StepWriter, tensorAt, type Writing } from '../graph.ts';

const activations: Record<Activation, (graph: GraphBuilder, x: string) => string> = {
  gelu(graph, x) {
    const error = graph.node('Erf', [graph.node('Mul', [x, graph.scalar(Math.SQRT1_2)])]);
    const half = graph.node('Mul', [x, graph.scalar(0.5)]);
    return graph.node('Mul', [half, graph.node('Add', [error, graph.scalar(1)])]);
  },
  relu: (graph, x) => graph.node('Relu', [x]),
  'leaky-relu': (graph, x) => graph.node('LeakyRelu', [x], { alpha: { float: LEAK } }),
  sigmoid: (graph, x) => graph.node('Sigmoid', [x]),
  tanh: (graph, x) => graph.node('Tanh', [x]),
  softplus: (graph, x) => graph.node('Softplus', [x]),
  silu: (graph, x) => graph.node('Mul', [x, graph.node('Sigmoid', [x])]),
};

export const activation: StepWriter = (step, { graph, read }) => {
  // The operation takes no other.
  const kind = step.attributes?.['activation'] as Activation;
  return activations[kind](graph, read(tensorAt(step.inputs, 0)));
};

export const add: StepWriter = (step, writing) => writing.graph.node('Add', readAll(step, writing));

export const multiplyElements: StepWriter = (step, writing) =>
  writing.graph.node('Mul', readAll(step, writing));

export const scale: StepWriter = (step, writing) => {
  const factor = writing.graph.scalar(numberOf(step, 'factor'));
  return writing.graph.node('Mul', [...readAll(step, writing), factor]);
};

export const softmax: StepWriter = (step, writing) =>
  writing.graph.node('Softmax', readAll(step, writing), { axis: -1 });

export const layerNorm: StepWriter = (step, writing) =>
  writing.graph.node('LayerNormalization', readAll(step, writing), {
    axis: -1,
    epsilon: { float: numberOf(step, 'epsilon') },
  });

/** Steps that only act in training. */
export const unchanged: StepWriter = (step, writing) =>
  writing.graph.node('Identity', readAll(step, writing));

export const concatColumns: StepWriter = (step, writing) =>
  writing.graph.node('Concat', readAll(step, writing), { axis: -1 });

export const columns: StepWriter = (step, { graph, read }) => {
  const x = tensorAt(step.inputs, 0);
  const from = numberOf(step, 'from');
  const ends = [from + numberOf(step, 'count')];
  const places = [[from], ends, [x.shape.length - 1]].map((values) => graph.integers(values));
  return graph.node('Slice', [read(x), ...places]);
};

function readAll({ inputs }: Step, { read }: Writing): readonly string[] {
  return inputs.map(read);
}
