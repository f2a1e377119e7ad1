// One training step of the discriminator on a minibatch, in double precision.
//
// Notation   B batch; the 2B rows are the real windows, then the fakes
//            unit1 (2B, h1), unit2 (2B, h2)   gradient of each row's logit at the inputs of the activations
//            error (2B,)                      gradient of the loss at the logits
//            q (B, n)                         gradient of the penalty at grad_x D(real)
//
// For fixed activation masks the logit's gradient is bilinear in the weights, so loss and penalty share their left
// factors: dW1 = unit1' (error x + q), dW2 = unit2' (error hidden1 + q1), where q1 and q2 carry q forward again.
import type { DiscriminatorShape, TrainStep } from '../../discriminator-kernels.ts';
import type { Parameters } from '../parameters.ts';
import { multiply, rowMajor, transposed } from './batch-products.ts';
import { crossEntropy, sigmoid } from './logistic.ts';
import type { Network } from './network.ts';

export interface TrainingScratch {
  /** (2B, n), (2B, h1), (2B, h2): inputs of each layer, then the right factors of its gradient. */
  readonly input: Float64Array;
  readonly hidden1: Float64Array;
  readonly hidden2: Float64Array;
  readonly unit1: Float64Array;
  readonly unit2: Float64Array;
  readonly error: Float64Array;
  readonly q: Float64Array;
  readonly q1: Float64Array;
  readonly q2: Float64Array;
}

export function createTrainingScratch(shape: DiscriminatorShape, batch: number): TrainingScratch {
  const { inputs, hidden1, hidden2 } = shape;
  const zeros = (rows: number, columns: number) => new Float64Array(rows * columns);
  return {
    input: zeros(2 * batch, inputs),
    hidden1: zeros(2 * batch, hidden1),
    hidden2: zeros(2 * batch, hidden2),
    unit1: zeros(2 * batch, hidden1),
    unit2: zeros(2 * batch, hidden2),
    error: zeros(2 * batch, 1),
    q: zeros(batch, inputs),
    q1: zeros(batch, hidden1),
    q2: zeros(batch, hidden2),
  };
}

/** Loss of `scratch.input` (real rows, then fakes); leaves its gradient, penalty included, in `gradient`. */
export function lossGradient(
  network: Network,
  scratch: TrainingScratch,
  batch: number,
  step: TrainStep,
  gradient: Parameters<Float64Array>,
): number {
  forward(network, scratch, 2 * batch);
  const loss = losses(network, scratch, batch, step);
  unitGradients(network, scratch, 2 * batch);
  const penalised = step.gradientPenalty > 0;
  if (penalised) penalty(network, scratch, batch, step.gradientPenalty);
  rightFactors(scratch.input, scratch.error, penalised ? scratch.q : none, 2 * batch);
  rightFactors(scratch.hidden1, scratch.error, penalised ? scratch.q1 : none, 2 * batch);
  rightFactors(scratch.hidden2, scratch.error, penalised ? scratch.q2 : none, 2 * batch);
  weightGradients(network.shape, scratch, 2 * batch, gradient);
  return loss;
}

function forward(network: Network, scratch: TrainingScratch, rows: number): void {
  const { inputs, hidden1, hidden2, slope } = network.shape;
  const layer1 = rowMajor(scratch.hidden1, hidden1);
  const layer2 = rowMajor(scratch.hidden2, hidden2);
  const w1 = transposed(rowMajor(network.w1, inputs));
  multiply(layer1, rowMajor(scratch.input, inputs), w1, rows, hidden1, inputs);
  activateRows(scratch.hidden1, network.b1, rows, slope);
  multiply(layer2, layer1, transposed(rowMajor(network.w2, hidden1)), rows, hidden2, hidden1);
  activateRows(scratch.hidden2, network.b2, rows, slope);
}

function activateRows(layer: Float64Array, bias: Float64Array, rows: number, slope: number): void {
  for (let row = 0, at = 0; row < rows; row++) {
    for (let i = 0; i < bias.length; i++, at++) {
      const sum = (layer[at] as number) + (bias[i] as number);
      layer[at] = sum > 0 ? sum : sum * slope;
    }
  }
}

function losses(
  network: Network,
  { hidden2, error }: TrainingScratch,
  batch: number,
  { realLabel, fakeLabel }: TrainStep,
): number {
  const width = network.shape.hidden2;
  let sum = 0;
  for (let row = 0; row < 2 * batch; row++) {
    let logit = network.b3[0] as number;
    for (let i = 0; i < width; i++) {
      logit += (network.w3[i] as number) * (hidden2[row * width + i] as number);
    }
    const label = row < batch ? realLabel : fakeLabel;
    sum += crossEntropy(logit, label);
    error[row] = (sigmoid(logit) - label) / batch;
  }
  return sum / batch;
}

function unitGradients(network: Network, scratch: TrainingScratch, rows: number): void {
  const { hidden1, hidden2, slope } = network.shape;
  const { unit1, unit2 } = scratch;
  for (let row = 0; row < rows; row++) unit2.set(network.w3, row * hidden2);
  deactivateRows(unit2, scratch.hidden2, rows * hidden2, slope);
  const w2 = rowMajor(network.w2, hidden1);
  multiply(rowMajor(unit1, hidden1), rowMajor(unit2, hidden2), w2, rows, hidden1, hidden2);
  deactivateRows(unit1, scratch.hidden1, rows * hidden1, slope);
}

function deactivateRows(
  back: Float64Array,
  layer: Float64Array,
  length: number,
  slope: number,
): void {
  for (let at = 0; at < length; at++) {
    if (!((layer[at] as number) > 0)) back[at] = (back[at] as number) * slope;
  }
}

/** Gradient of weight * mean |grad_x D(real)|^2 at grad_x D, carried through the layers like an input. */
function penalty(network: Network, scratch: TrainingScratch, batch: number, weight: number): void {
  const { inputs, hidden1, hidden2, slope } = network.shape;
  const w1 = rowMajor(network.w1, inputs);
  const w2 = rowMajor(network.w2, hidden1);
  const q = rowMajor(scratch.q, inputs);
  const q1 = rowMajor(scratch.q1, hidden1);
  const q2 = rowMajor(scratch.q2, hidden2);
  multiply(q, rowMajor(scratch.unit1, hidden1), w1, batch, inputs, hidden1);
  const factor = (2 * weight) / batch;
  for (let at = 0; at < batch * inputs; at++) q.data[at] = (q.data[at] as number) * factor;
  multiply(q1, q, transposed(w1), batch, hidden1, inputs);
  deactivateRows(scratch.q1, scratch.hidden1, batch * hidden1, slope);
  multiply(q2, q1, transposed(w2), batch, hidden2, hidden1);
  deactivateRows(scratch.q2, scratch.hidden2, batch * hidden2, slope);
}

const none = new Float64Array(0);

/** a = error * a + q; q has the real rows only, or none. */
function rightFactors(a: Float64Array, error: Float64Array, q: Float64Array, rows: number): void {
  const columns = a.length / error.length;
  const shared = Math.min(q.length, (rows / 2) * columns);
  for (let row = 0, at = 0; row < rows; row++) {
    const factor = error[row] as number;
    for (let j = 0; j < columns; j++, at++) a[at] = (a[at] as number) * factor;
  }
  for (let at = 0; at < shared; at++) a[at] = (a[at] as number) + (q[at] as number);
}

function weightGradients(
  { inputs, hidden1, hidden2 }: DiscriminatorShape,
  scratch: TrainingScratch,
  rows: number,
  gradient: Parameters<Float64Array>,
): void {
  const unit1 = transposed(rowMajor(scratch.unit1, hidden1));
  const unit2 = transposed(rowMajor(scratch.unit2, hidden2));
  const error = rowMajor(scratch.error, 1);
  multiply(
    rowMajor(gradient.w1, inputs),
    unit1,
    rowMajor(scratch.input, inputs),
    hidden1,
    inputs,
    rows,
  );
  multiply(
    rowMajor(gradient.w2, hidden1),
    unit2,
    rowMajor(scratch.hidden1, hidden1),
    hidden2,
    hidden1,
    rows,
  );
  multiply(rowMajor(gradient.b1, 1), unit1, error, hidden1, 1, rows);
  multiply(rowMajor(gradient.b2, 1), unit2, error, hidden2, 1, rows);
  columnSums(gradient.w3, scratch.hidden2, rows);
  columnSums(gradient.b3, scratch.error, rows);
}

function columnSums(sums: Float64Array, a: Float64Array, rows: number): void {
  sums.fill(0);
  for (let row = 0, at = 0; row < rows; row++) {
    for (let i = 0; i < sums.length; i++, at++) sums[i] = (sums[i] as number) + (a[at] as number);
  }
}
