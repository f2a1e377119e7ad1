// Losses element by element for tapes; engine/tape/kernels/losses.ts says what they do. Sums are doubles: a loss is
// compared with itself a few steps ago.
import { exponential, logistic, logOnePlus } from '../exponential';
import { floats, keep, put } from '../lanes';

const SQUARED = 0;
const HUBER = 1;
const LOGISTIC = 2;

const ONES = memory.data<f32>([1.0, 1.0, 1.0, 1.0]);

export function squaredLoss(to: i32, slopes: i32, prediction: i32, target: i32, weights: i32, count: i32): void {
  elementLoss(SQUARED, to, floats(slopes), floats(prediction), floats(target), weights, 0.0, count);
}

export function huberLoss(
  to: i32,
  slopes: i32,
  prediction: i32,
  target: i32,
  weights: i32,
  delta: f32,
  count: i32,
): void {
  elementLoss(HUBER, to, floats(slopes), floats(prediction), floats(target), weights, delta, count);
}

export function logisticLoss(to: i32, slopes: i32, prediction: i32, target: i32, weights: i32, count: i32): void {
  elementLoss(LOGISTIC, to, floats(slopes), floats(prediction), floats(target), weights, 0.0, count);
}

/** `kind` is a constant, of which nothing is left in the loop. */
@inline
function elementLoss(
  kind: i32,
  to: i32,
  slopes: usize,
  prediction: usize,
  target: usize,
  weights: i32,
  delta: f32,
  count: i32,
): void {
  const share = shareOfOne(weights, count);
  let weight = weights ? floats(weights) : ONES;
  const next: usize = weights ? 16 : 0;
  let total = f64x2.splat(0.0);
  const whole = floats(count & ~3);
  for (let at: usize = 0; at < whole; at += 16) {
    total = addFour(total, lossFour(kind, slopes + at, prediction + at, target + at, weight, share, delta, 4));
    weight += next;
  }
  const left = count & 3;
  if (left) {
    const rest = lossFour(kind, slopes + whole, prediction + whole, target + whole, weight, share, delta, left);
    total = addFour(total, keep(rest, left));
  }
  finish(to, total, share);
}

/** Stores the slopes and returns the weighted losses. */
@inline
function lossFour(
  kind: i32,
  slopes: usize,
  prediction: usize,
  target: usize,
  weights: usize,
  share: f64,
  delta: f32,
  left: i32,
): v128 {
  const p = v128.load(prediction);
  const t = v128.load(target);
  const w = v128.load(weights);
  const part = f32x4.mul(w, f32x4.splat(<f32>share));
  if (kind == LOGISTIC) {
    const u = exponential(f32x4.neg(f32x4.abs(p)));
    const softplus = f32x4.add(f32x4.pmax(p, f32x4.splat(0.0)), logOnePlus(u));
    put(slopes, counted(f32x4.sub(logistic(p), t), part), left);
    return counted(f32x4.sub(softplus, f32x4.mul(t, p)), w);
  }
  const error = f32x4.sub(p, t);
  if (kind == SQUARED) {
    put(slopes, counted(f32x4.add(error, error), part), left);
    return counted(f32x4.mul(error, error), w);
  }
  const bent = f32x4.pmax(f32x4.pmin(error, f32x4.splat(delta)), f32x4.splat(-delta));
  put(slopes, counted(bent, part), left);
  return counted(f32x4.mul(bent, f32x4.sub(error, f32x4.mul(bent, f32x4.splat(0.5)))), w);
}

export function gaussianLoss(
  to: i32,
  slopes: i32,
  logVarianceSlopes: i32,
  prediction: i32,
  logVariance: i32,
  target: i32,
  weights: i32,
  count: i32,
): void {
  const share = shareOfOne(weights, count);
  let weight = weights ? floats(weights) : ONES;
  const next: usize = weights ? 16 : 0;
  let total = f64x2.splat(0.0);
  const whole = count & ~3;
  for (let i = 0; i < whole; i += 4) {
    const error = f32x4.sub(v128.load(floats(target + i)), v128.load(floats(prediction + i)));
    const s = v128.load(floats(logVariance + i));
    total = addFour(total, gaussianFour(slopes + i, logVarianceSlopes + i, error, s, weight, share, 4));
    weight += next;
  }
  const left = count & 3;
  if (left) {
    const error = f32x4.sub(v128.load(floats(target + whole)), v128.load(floats(prediction + whole)));
    const s = v128.load(floats(logVariance + whole));
    const rest = gaussianFour(slopes + whole, logVarianceSlopes + whole, error, s, weight, share, left);
    total = addFour(total, keep(rest, left));
  }
  finish(to, total, share);
}

/** Stores the slopes and returns the weighted losses. */
@inline
function gaussianFour(
  slopes: i32,
  logVarianceSlopes: i32,
  error: v128,
  s: v128,
  weights: usize,
  share: f64,
  left: i32,
): v128 {
  const w = v128.load(weights);
  const part = f32x4.mul(w, f32x4.splat(<f32>share));
  const half = f32x4.splat(0.5);
  const ratio = f32x4.mul(error, exponential(f32x4.neg(s)));
  const square = f32x4.mul(error, ratio);
  put(floats(slopes), counted(f32x4.neg(ratio), part), left);
  put(floats(logVarianceSlopes), counted(f32x4.sub(half, f32x4.mul(half, square)), part), left);
  return counted(f32x4.mul(half, f32x4.add(s, square)), w);
}

export function quantileLoss(
  to: i32,
  slopes: i32,
  prediction: i32,
  target: i32,
  levels: i32,
  rows: i32,
  levelCount: i32,
): void {
  const count = rows * levelCount;
  const share = <f32>(1.0 / <f64>count);
  let total = 0.0;
  let at = floats(prediction);
  let slope = floats(slopes);
  for (let i = 0; i < rows; i++) {
    const t = load<f32>(floats(target + i));
    for (let k = 0; k < levelCount; k++) {
      const level = load<f32>(floats(levels + k));
      const error = t - load<f32>(at);
      const d = select<f32>(-level, <f32>1.0 - level, error > 0.0);
      total -= <f64>error * <f64>d;
      store<f32>(slope, d * share);
      at += 4;
      slope += 4;
    }
  }
  store<f32>(floats(to), <f32>(total / <f64>count));
}

/** What one unit of weight counts: 1 / max(1, sum of weights). */
export function shareOfOne(weights: i32, count: i32): f64 {
  if (!weights) return 1.0 / <f64>count;
  let total = f64x2.splat(0.0);
  const whole = count & ~3;
  for (let i = 0; i < whole; i += 4) total = addFour(total, v128.load(floats(weights + i)));
  if (whole < count) total = addFour(total, keep(v128.load(floats(weights + whole)), count - whole));
  return 1.0 / Math.max(1.0, sumOfTwo(total));
}

/** v weight, or 0 where the weight is, whatever v may be. */
@inline
function counted(v: v128, weight: v128): v128 {
  return v128.and(f32x4.mul(v, weight), f32x4.ne(weight, f32x4.splat(0.0)));
}

@inline
function addFour(total: v128, v: v128): v128 {
  const low = f64x2.add(total, f64x2.promote_low_f32x4(v));
  return f64x2.add(low, f64x2.promote_low_f32x4(i32x4.shuffle(v, v, 2, 3, 2, 3)));
}

@inline
function sumOfTwo(total: v128): f64 {
  return f64x2.extract_lane(total, 0) + f64x2.extract_lane(total, 1);
}

@inline
function finish(to: i32, total: v128, share: f64): void {
  store<f32>(floats(to), <f32>(sumOfTwo(total) * share));
}
