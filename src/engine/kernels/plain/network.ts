// The discriminator on one input, in double precision: n -> h1 -> h2 -> 1.
import type { DiscriminatorShape } from '../../discriminator-kernels.ts';
import { type Parameters, parametersIn } from '../parameters.ts';
import { dot, transpose, vectorTimes } from './products.ts';

export interface Network extends Parameters<Float64Array> {
  readonly shape: DiscriminatorShape;
  /** (n, h1) and (h1, h2): w1 and w2 transposed, so that the forward pass is as fast as the backward pass. */
  readonly w1Across: Float64Array;
  readonly w2Across: Float64Array;
  /** (h1,) and (h2,): outputs of the hidden layers in the last `logitOf`. */
  readonly hidden1: Float64Array;
  readonly hidden2: Float64Array;
  /** (h1,) and (h2,): gradients of the backward pass. */
  readonly back1: Float64Array;
  readonly back2: Float64Array;
}

export function createNetwork(shape: DiscriminatorShape, all: Float64Array): Network {
  return {
    shape,
    ...parametersIn(shape, all),
    w1Across: new Float64Array(shape.inputs * shape.hidden1),
    w2Across: new Float64Array(shape.hidden1 * shape.hidden2),
    hidden1: new Float64Array(shape.hidden1),
    hidden2: new Float64Array(shape.hidden2),
    back1: new Float64Array(shape.hidden1),
    back2: new Float64Array(shape.hidden2),
  };
}

/** Call it after every change of the weights, before `logitOf`. */
export function prepare(network: Network): void {
  const { inputs, hidden1, hidden2 } = network.shape;
  transpose(network.w1Across, network.w1, hidden1, inputs);
  transpose(network.w2Across, network.w2, hidden2, hidden1);
}

/** Logit of the input at offset `xAt`; stores the hidden layers for `inputGradient`. */
export function logitOf(network: Network, x: Float64Array, xAt: number): number {
  const { shape, hidden1, hidden2 } = network;
  vectorTimes(hidden1, x, xAt, network.w1Across, shape.inputs, shape.hidden1);
  activate(hidden1, network.b1, shape.slope);
  vectorTimes(hidden2, hidden1, 0, network.w2Across, shape.hidden1, shape.hidden2);
  activate(hidden2, network.b2, shape.slope);
  return dot(network.w3, 0, hidden2, 0, shape.hidden2) + (network.b3[0] as number);
}

/** Gradient of the last logit with respect to its input, (n,). */
export function inputGradient(network: Network, gradient: Float64Array): void {
  const { shape, back1, back2 } = network;
  back2.set(network.w3);
  deactivate(back2, network.hidden2, shape.slope);
  vectorTimes(back1, back2, 0, network.w2, shape.hidden2, shape.hidden1);
  deactivate(back1, network.hidden1, shape.slope);
  vectorTimes(gradient, back1, 0, network.w1, shape.hidden1, shape.inputs);
}

function activate(layer: Float64Array, bias: Float64Array, slope: number): void {
  for (let i = 0; i < layer.length; i++) {
    const sum = (layer[i] as number) + (bias[i] as number);
    layer[i] = sum > 0 ? sum : sum * slope;
  }
}

/** Backward pass of LeakyReLU: its output has the sign of its input, so the output determines the slope. */
function deactivate(back: Float64Array, layer: Float64Array, slope: number): void {
  for (let i = 0; i < back.length; i++) {
    if (!((layer[i] as number) > 0)) back[i] = (back[i] as number) * slope;
  }
}
