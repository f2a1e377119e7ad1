// The discriminator n -> h1 -> h2 -> 1 on a batch of rows: forward, and back to the inputs.
import { floats } from './lanes';
import { multiply } from './products';
import { activate, deactivate, dot } from './rows';
import { transpose } from './transpose';

/**
 * Where everything lies, as wasm-discriminator.ts writes it: change both together. B is the largest batch.
 * Rows are contiguous and as long as their data.
 */
@unmanaged
export class Discriminator {
  /** Products of the decays of the weights' Adam so far. */
  meanDecay: f64;
  squareDecay: f64;
  inputs: i32;
  hidden1: i32;
  hidden2: i32;
  slope: f32;
  /** Of the running update; see adam.ts. */
  rate: f32;
  rootCorrection: f32;
  /** How many weights there are, and each kind of them inside `weights`. */
  parameters: i32;
  w1: usize;
  b1: usize;
  w2: usize;
  b2: usize;
  w3: usize;
  b3: usize;
  /** (parameters,): all weights, their gradient and Adam's two averages. */
  weights: usize;
  gradients: usize;
  means: usize;
  squares: usize;
  /** (n, h1) and (h1, h2): transposed anew by every call, because callers may write weights between calls. */
  w1Across: usize;
  w2Across: usize;
  /** What callers see: (B, n), (B, n), (B,). */
  x: usize;
  z: usize;
  logits: usize;
  /** (2B, h1), (2B, h2): outputs of the hidden layers, and gradients of the logit in front of them. */
  layer1: usize;
  layer2: usize;
  unit1: usize;
  unit2: usize;
  /** (B, n): gradients of the logits at the inputs, and what the ascents keep per coordinate. */
  inputGradient: usize;
  ascentMean: usize;
  ascentSquare: usize;
  /** (B,) f64 each and (B,) i32: what the ascents keep per window. */
  objective: usize;
  stepLength: usize;
  quiet: usize;
  /** (2B, n), (2B,), (B, h1), (B, h2): see training.ts. */
  trainingInput: usize;
  error: usize;
  q1: usize;
  q2: usize;
}

export function prepare(d: Discriminator): void {
  transpose(d.w1Across, d.w1, d.hidden1, d.inputs);
  transpose(d.w2Across, d.w2, d.hidden2, d.hidden1);
}

/** Fills the hidden layers from `rows` rows of x. */
export function forwardHidden(d: Discriminator, x: usize, rows: i32): void {
  multiply(d.layer1, x, floats(d.inputs), 4, d.w1Across, d.b1, rows, d.hidden1, d.inputs);
  activate(d.layer1, rows * d.hidden1, d.slope);
  multiply(d.layer2, d.layer1, floats(d.hidden1), 4, d.w2Across, d.b2, rows, d.hidden2, d.hidden1);
  activate(d.layer2, rows * d.hidden2, d.slope);
}

@inline
export function logitOf(d: Discriminator, row: i32): f32 {
  return dot(d.w3, d.layer2 + floats(row * d.hidden2), d.hidden2) + load<f32>(d.b3);
}

export function forwardRows(d: Discriminator, x: usize, rows: i32): void {
  forwardHidden(d, x, rows);
  for (let row = 0; row < rows; row++) store<f32>(d.logits + floats(row), logitOf(d, row));
}

/** Gradients of the logits in front of both hidden layers, from the last forward pass. */
export function unitGradients(d: Discriminator, rows: i32): void {
  for (let row = 0; row < rows; row++) {
    const at = floats(row * d.hidden2);
    deactivate(d.unit2 + at, d.w3, d.layer2 + at, d.hidden2, d.slope);
  }
  multiply(d.unit1, d.unit2, floats(d.hidden2), 4, d.w2, 0, rows, d.hidden1, d.hidden2);
  deactivate(d.unit1, d.unit1, d.layer1, rows * d.hidden1, d.slope);
}

/** Gradients of the logits at the inputs, from the last forward pass. */
export function inputGradients(d: Discriminator, rows: i32): void {
  unitGradients(d, rows);
  multiply(d.inputGradient, d.unit1, floats(d.hidden1), 4, d.w1, 0, rows, d.inputs, d.hidden1);
}
