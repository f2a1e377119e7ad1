// A discriminator as a graph: three layers, LeakyReLU between them.
//
// Notation   n inputs, h1/h2 hidden widths; weights (out, in), as they lie in a model
import type {
  DiscriminatorShape,
  DiscriminatorWeights,
} from '../../engine/discriminator-kernels.ts';
import { sizeOf } from '../../engine/tape/tensor.ts';
import { tensorOf } from '../../models/discriminator.ts';
import type { Model } from '../../models/model.ts';
import { GraphBuilder, type OnnxGraph } from '../../models/onnx/graph.ts';

export interface DiscriminatorToWrite {
  readonly name: string;
  readonly description: string;
  readonly shape: DiscriminatorShape;
  /** Of its tensors. */
  readonly prefix: string;
}

/** window (batch, n) to logit (batch, 1). Throws `WeightsError` when the model lacks a tensor. */
export function discriminatorGraph(
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
