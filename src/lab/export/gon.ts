// Graphs of the GONs: one for each member with a discriminator, which has three layers with LeakyReLU between them.
//
// Notation   n inputs, h1/h2 hidden widths; weights (out, in), as in a model

import { readDesign } from '../../detectors/detector-plugin.ts';
import {
  ascends,
  type GonDesign,
  gonDesign,
  type LinearDesign,
  type MemberDesign,
  prefixOf,
  shapeOf,
} from '../../detectors/gon/design.ts';
import { gon as gonDetector } from '../../detectors/gon/gon.ts';
import { LINEAR, ROW_SPAN } from '../../detectors/gon/linear.ts';
import {
  OFFICIAL_WINDOW,
  gonOfficial as officialDetector,
  officialShape,
} from '../../detectors/gon-official/gon-official.ts';
import type {
  DiscriminatorShape,
  DiscriminatorWeights,
} from '../../engine/discriminator-kernels.ts';
import { sizeOf } from '../../engine/tape/tensor.ts';
import { tensorOf } from '../../models/discriminator.ts';
import type { Model } from '../../models/model.ts';
import { GraphBuilder, type OnnxGraph } from '../../models/onnx/graph.ts';
import type { Exporter } from './exporter.ts';

export const gon: Exporter = {
  kind: gonDetector.kind,
  graphs: (model) => gonGraphs(model, readDesign(gonDesign, model)),
};

/** The linear member comes after the others, the span of single rows last, if the design has them. */
export function gonGraphs(model: Model, design: GonDesign) {
  const { members, slope, linear, rowSpan } = design;
  return [
    ...members
      .filter((member) => ascends(member, design))
      .map((member) => memberGraph(model, member, slope)),
    ...(linear ? [linearGraph(model, linear, LINEAR)] : []),
    ...(rowSpan ? [linearGraph(model, { ...rowSpan, length: 1 }, ROW_SPAN)] : []),
  ];
}

function memberGraph(model: Model, member: MemberDesign, slope: number): OnnxGraph {
  const { length, levelFree } = member;
  const width = model.channels.length;
  const without = levelFree ? ', without the mean of each channel over them' : '';
  return discriminatorGraph(model, {
    name: prefixOf(member),
    description: `Logit of the discriminator for windows of ${length} rows by ${width} channels, oldest row first, scaled${without}.`,
    shape: shapeOf(member, slope, width),
    prefix: prefixOf(member),
  });
}

/** window (batch, n) to minus the squared distance from the span of normal windows, (batch, 1). See linear.ts. */
function linearGraph(
  { channels, tensors }: Model,
  { length, components }: Pick<LinearDesign, 'length' | 'components'>,
  prefix: string,
) {
  const graph = new GraphBuilder();
  const inputs = length * channels.length;
  const tensor = (part: string, shape: readonly number[]): string => {
    const name = `${prefix}.${part}`;
    return graph.floats(shape, tensorOf(tensors, name, sizeOf(shape)).data, name);
  };
  const window = graph.input('window', [inputs]);
  const apart = graph.node('Sub', [window, tensor('mean', [inputs])]);
  const rows = tensor('components', [components, inputs]);
  const along = graph.node('MatMul', [apart, graph.transpose(rows, [1, 0])]);
  const off = graph.node('Sub', [apart, graph.node('MatMul', [along, rows])]);
  const squared = graph.node('ReduceSumSquare', [off], { axes: [1], keepdims: 1 });
  graph.output('logit', graph.node('Neg', [squared]), [1]);
  return graph.graph(
    prefix,
    `Minus the squared distance of windows of ${length} rows by ${channels.length} channels, oldest row first, scaled, from the span of normal ones.`,
  );
}

export const gonOfficial: Exporter = {
  kind: officialDetector.kind,
  graphs(model) {
    const width = model.channels.length;
    const graph = discriminatorGraph(model, {
      name: 'discriminator',
      description: `Logit of the discriminator for windows of ${OFFICIAL_WINDOW} rows by ${width} channels, oldest row first, scaled.`,
      shape: officialShape(width),
      prefix: 'd',
    });
    return [graph];
  },
};

interface DiscriminatorToWrite {
  readonly name: string;
  readonly description: string;
  readonly shape: DiscriminatorShape;
  /** Prefix of its tensors. */
  readonly prefix: string;
}

/** window (batch, n) to logit (batch, 1). Throws `WeightsError` when the model lacks a tensor. */
function discriminatorGraph(
  { tensors }: Pick<Model, 'tensors'>,
  { name, description, shape, prefix }: DiscriminatorToWrite,
): OnnxGraph {
  const graph = new GraphBuilder();
  const { inputs, hidden1, hidden2, slope } = shape;
  const part = (key: keyof DiscriminatorWeights, as: readonly number[]): string => {
    const name = `${prefix}.${key}`;
    return graph.floats(as, tensorOf(tensors, name, sizeOf(as)).data, name);
  };
  const layer = (x: string, weights: string, bias: string): string =>
    graph.node('Gemm', [x, weights, bias], { transB: 1 });
  const bent = (x: string): string => graph.node('LeakyRelu', [x], { alpha: { float: slope } });
  const window = graph.input('window', [inputs]);
  const first = bent(layer(window, part('w1', [hidden1, inputs]), part('b1', [hidden1])));
  const second = bent(layer(first, part('w2', [hidden2, hidden1]), part('b2', [hidden2])));
  graph.output('logit', layer(second, part('w3', [1, hidden2]), part('b3', [1])), [1]);
  return graph.graph(name, description);
}
