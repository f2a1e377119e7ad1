// Upstream's input optimisation, plain/ascent.ts `ascendByAdam`: Adam with a cosine rate, clamp to [0, 1], stop rule.
import { adamDirection, MEAN_DECAY, SQUARE_DECAY } from './adam';
import { Discriminator, forwardRows, inputGradients, prepare } from './discriminator';
import { floats, keep, put } from './lanes';
import { crossEntropy, sigmoid } from './logistic';

/** Steps in a row that hardly move before the ascent stops is one more than this; GON's gen.py. */
const QUIET_STEPS = 10;
/** cos(pi k / 10) for k = 0 to 10: the rate's period is 20 steps. */
const COSINES = memory.data<f64>([
  1.0, 0.9510565162951535, 0.8090169943749475, 0.5877852522924731, 0.30901699437494745, 0.0,
  -0.30901699437494745, -0.5877852522924731, -0.8090169943749475, -0.9510565162951535, -1.0,
]);

function cosineRate(step: i32): f64 {
  const phase = step % 20;
  const k = phase <= 10 ? phase : 20 - phase;
  return 0.5 * (1.0 + load<f64>(COSINES + (<usize>k << 3)));
}

export function ascendByAdam(
  d: Discriminator,
  batch: i32,
  maxSteps: i32,
  learningRate: f64,
  target: f64,
  epsilon: f64,
): void {
  prepare(d);
  memory.fill(d.ascentMean, 0, floats(batch * d.inputs));
  memory.fill(d.ascentSquare, 0, floats(batch * d.inputs));
  for (let b = 0; b < batch; b++) {
    store<f64>(d.objective + (<usize>b << 3), 10.0);
    store<i32>(d.quiet + (<usize>b << 2), 0);
  }
  let meanDecay = 1.0;
  let squareDecay = 1.0;
  let moving = batch;
  for (let step = 0; step < maxSteps && moving > 0; step++) {
    forwardRows(d, d.z, batch);
    inputGradients(d, batch);
    meanDecay *= MEAN_DECAY;
    squareDecay *= SQUARE_DECAY;
    d.rate = <f32>((learningRate * cosineRate(step)) / (1.0 - meanDecay));
    d.rootCorrection = <f32>(1.0 / Math.sqrt(1.0 - squareDecay));
    moving = 0;
    for (let b = 0; b < batch; b++) {
      if (load<i32>(d.quiet + (<usize>b << 2)) > QUIET_STEPS) continue;
      if (stepWindow(d, b, target, epsilon)) moving++;
    }
  }
  forwardRows(d, d.z, batch);
}

/** One step of one window; false when it has been quiet for long enough. */
function stepWindow(d: Discriminator, b: i32, target: f64, epsilon: f64): bool {
  const logit = <f64>load<f32>(d.logits + floats(b));
  const loss = crossEntropy(logit, target);
  const moved = <f64>moveWindow(d, b, <f32>(sigmoid(logit) - target));
  const previousAt = d.objective + (<usize>b << 3);
  const gain = load<f64>(previousAt) - loss;
  store<f64>(previousAt, loss);
  const quietAt = d.quiet + (<usize>b << 2);
  const quiet = moved < epsilon || (gain > 0.0 && gain < epsilon) ? load<i32>(quietAt) + 1 : 0;
  store<i32>(quietAt, quiet);
  return quiet <= QUIET_STEPS;
}

/** Returns the largest move of a coordinate. */
function moveWindow(d: Discriminator, b: i32, outer: f32): f32 {
  const rate = d.rate;
  const rootCorrection = d.rootCorrection;
  const row = floats(b * d.inputs);
  const z = d.z + row;
  const gradient = d.inputGradient + row;
  const mean = d.ascentMean + row;
  const square = d.ascentSquare + row;
  const left = d.inputs & 3;
  const whole = floats(d.inputs - left);
  let largest = f32x4.splat(0.0);
  for (let at: usize = 0; at < whole; at += 16) {
    const move = moveFour(z + at, gradient + at, mean + at, square + at, outer, rate, rootCorrection, 4);
    largest = f32x4.pmax(largest, move);
  }
  if (left) {
    const move = moveFour(z + whole, gradient + whole, mean + whole, square + whole, outer, rate, rootCorrection, left);
    largest = f32x4.pmax(largest, keep(move, left));
  }
  const pairs = f32x4.pmax(largest, i32x4.shuffle(largest, largest, 2, 3, 2, 3));
  return max(f32x4.extract_lane(pairs, 0), f32x4.extract_lane(pairs, 1));
}

@inline
function moveFour(
  z: usize,
  gradient: usize,
  mean: usize,
  square: usize,
  outer: f32,
  rate: f32,
  rootCorrection: f32,
  left: i32,
): v128 {
  const g = f32x4.mul(f32x4.splat(outer), v128.load(gradient));
  const direction = adamDirection(mean, square, g, rootCorrection, left);
  const old = v128.load(z);
  const free = f32x4.sub(old, f32x4.mul(f32x4.splat(rate), direction));
  const clamped = f32x4.pmin(f32x4.pmax(free, f32x4.splat(0.0)), f32x4.splat(1.0));
  put(z, clamped, left);
  return f32x4.abs(f32x4.sub(clamped, old));
}
