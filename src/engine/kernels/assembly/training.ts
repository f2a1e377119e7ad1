// One training step, as plain/training.ts derives it: the same notation, the same order.
import { updateWeights } from './adam';
import { stepNormalised } from './ascent-normalised';
import { Discriminator, forwardHidden, logitOf, prepare, unitGradients } from './discriminator';
import { floats } from './lanes';
import { crossEntropy, sigmoid } from './logistic';
import { multiply } from './products';
import { deactivate, scale, scaleAdd } from './rows';

const ONE = memory.data<f32>([1.0]);

export function trainStep(
  d: Discriminator,
  batch: i32,
  optimised: i32,
  steps: i32,
  stepLength: f64,
  realLabel: f64,
  fakeLabel: f64,
  gradientPenalty: f64,
  learningRate: f64,
  weightDecay: f64,
): f64 {
  prepare(d);
  if (optimised > 0) stepNormalised(d, optimised, steps, stepLength);
  const half = floats(batch * d.inputs);
  memory.copy(d.trainingInput, d.x, half);
  memory.copy(d.trainingInput + half, d.z, half);
  forwardHidden(d, d.trainingInput, 2 * batch);
  const loss = losses(d, batch, realLabel, fakeLabel);
  unitGradients(d, 2 * batch);
  const penalised = gradientPenalty > 0.0;
  if (penalised) penalty(d, batch, gradientPenalty);
  rightFactors(d, d.trainingInput, penalised ? d.inputGradient : 0, batch, d.inputs);
  rightFactors(d, d.layer1, penalised ? d.q1 : 0, batch, d.hidden1);
  rightFactors(d, d.layer2, penalised ? d.q2 : 0, batch, d.hidden2);
  weightGradients(d, 2 * batch);
  updateWeights(d, learningRate, <f32>weightDecay);
  return loss;
}

function losses(d: Discriminator, batch: i32, realLabel: f64, fakeLabel: f64): f64 {
  let total = 0.0;
  for (let row = 0; row < 2 * batch; row++) {
    const logit = <f64>logitOf(d, row);
    const label = row < batch ? realLabel : fakeLabel;
    total += crossEntropy(logit, label);
    store<f32>(d.error + floats(row), <f32>((sigmoid(logit) - label) / <f64>batch));
  }
  return total / <f64>batch;
}

/** q (in inputGradient), q1 and q2. */
function penalty(d: Discriminator, batch: i32, weight: f64): void {
  const q = d.inputGradient;
  multiply(q, d.unit1, floats(d.hidden1), 4, d.w1, 0, batch, d.inputs, d.hidden1);
  scale(q, <f32>((2.0 * weight) / <f64>batch), q, batch * d.inputs);
  multiply(d.q1, q, floats(d.inputs), 4, d.w1Across, 0, batch, d.hidden1, d.inputs);
  deactivate(d.q1, d.q1, d.layer1, batch * d.hidden1, d.slope);
  multiply(d.q2, d.q1, floats(d.hidden1), 4, d.w2Across, 0, batch, d.hidden2, d.hidden1);
  deactivate(d.q2, d.q2, d.layer2, batch * d.hidden2, d.slope);
}

/** In place: a = error a, plus q in the real rows unless q is 0. */
function rightFactors(d: Discriminator, a: usize, q: usize, batch: i32, columns: i32): void {
  for (let row = 0; row < 2 * batch; row++) {
    const at = floats(row * columns);
    const factor = load<f32>(d.error + floats(row));
    if (q && row < batch) scaleAdd(a + at, factor, a + at, q + at, columns);
    else scale(a + at, factor, a + at, columns);
  }
}

function weightGradients(d: Discriminator, rows: i32): void {
  const g = d.gradients - d.weights;
  const down1 = floats(d.hidden1);
  const down2 = floats(d.hidden2);
  multiply(g + d.w1, d.unit1, 4, down1, d.trainingInput, 0, d.hidden1, d.inputs, rows);
  multiply(g + d.w2, d.unit2, 4, down2, d.layer1, 0, d.hidden2, d.hidden1, rows);
  multiply(g + d.b1, d.error, 0, 4, d.unit1, 0, 1, d.hidden1, rows);
  multiply(g + d.b2, d.error, 0, 4, d.unit2, 0, 1, d.hidden2, rows);
  multiply(g + d.w3, ONE, 0, 0, d.layer2, 0, 1, d.hidden2, rows);
  multiply(g + d.b3, ONE, 0, 0, d.error, 0, 1, 1, rows);
}
