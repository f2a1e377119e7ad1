// Activations for tapes; engine/tape/kernels/elements.ts says what they do. The slope is stored first, because it may
// lie where the result goes.
import { exponential, hyperbolicTangent, logistic, logOnePlus, normalDistribution } from '../exponential';
import { floats, multiplyAdd, put } from '../lanes';

const GELU = 0;
const RELU = 1;
const LEAKY_RELU = 2;
const SIGMOID = 3;
const TANH = 4;
const SOFTPLUS = 5;
const SILU = 6;

/** PyTorch's. */
const LEAK: f32 = 0.01;
const INVERSE_ROOT_TWO_PI: f32 = 0.3989422804;

export function gelu(to: i32, slope: i32, from: i32, count: i32): void {
  activate(GELU, floats(to), floats(slope), floats(from), count);
}

export function relu(to: i32, slope: i32, from: i32, count: i32): void {
  activate(RELU, floats(to), floats(slope), floats(from), count);
}

export function leakyRelu(to: i32, slope: i32, from: i32, count: i32): void {
  activate(LEAKY_RELU, floats(to), floats(slope), floats(from), count);
}

export function sigmoid(to: i32, slope: i32, from: i32, count: i32): void {
  activate(SIGMOID, floats(to), floats(slope), floats(from), count);
}

export function tanh(to: i32, slope: i32, from: i32, count: i32): void {
  activate(TANH, floats(to), floats(slope), floats(from), count);
}

export function softplus(to: i32, slope: i32, from: i32, count: i32): void {
  activate(SOFTPLUS, floats(to), floats(slope), floats(from), count);
}

export function silu(to: i32, slope: i32, from: i32, count: i32): void {
  activate(SILU, floats(to), floats(slope), floats(from), count);
}

/** `kind` is a constant, of which nothing is left in the loop. */
@inline
function activate(kind: i32, to: usize, slope: usize, from: usize, count: i32): void {
  const whole = floats(count & ~3);
  const left = count & 3;
  for (let at: usize = 0; at < whole; at += 16) activateFour(kind, to + at, slope + at, from + at, 4);
  if (left) activateFour(kind, to + whole, slope + whole, from + whole, left);
}

@inline
function activateFour(kind: i32, to: usize, slope: usize, from: usize, left: i32): void {
  const x = v128.load(from);
  if (kind == GELU) geluFour(to, slope, x, left);
  else if (kind == RELU) rectifyFour(to, slope, x, 0.0, left);
  else if (kind == LEAKY_RELU) rectifyFour(to, slope, x, LEAK, left);
  else if (kind == SIGMOID) sigmoidFour(to, slope, x, left);
  else if (kind == TANH) tanhFour(to, slope, x, left);
  else if (kind == SOFTPLUS) softplusFour(to, slope, x, left);
  else siluFour(to, slope, x, left);
}

/** x Phi(x); its slope is Phi(x) + x phi(x). */
@inline
function geluFour(to: usize, slope: usize, x: v128, left: i32): void {
  const e = exponential(f32x4.mul(f32x4.mul(x, x), f32x4.splat(-0.5)));
  const below = normalDistribution(x, e);
  put(slope, multiplyAdd(x, f32x4.mul(e, f32x4.splat(INVERSE_ROOT_TWO_PI)), below), left);
  put(to, f32x4.mul(x, below), left);
}

@inline
function rectifyFour(to: usize, slope: usize, x: v128, leak: f32, left: i32): void {
  const one = f32x4.splat(1.0);
  const factor = v128.bitselect(one, f32x4.splat(leak), f32x4.gt(x, f32x4.splat(0.0)));
  put(slope, factor, left);
  put(to, f32x4.mul(x, factor), left);
}

@inline
function sigmoidFour(to: usize, slope: usize, x: v128, left: i32): void {
  const y = logistic(x);
  put(slope, f32x4.sub(y, f32x4.mul(y, y)), left);
  put(to, y, left);
}

@inline
function tanhFour(to: usize, slope: usize, x: v128, left: i32): void {
  const y = hyperbolicTangent(x);
  put(slope, f32x4.sub(f32x4.splat(1.0), f32x4.mul(y, y)), left);
  put(to, y, left);
}

/** max(x, 0) + ln(1 + u) with u = e^-|x|; its slope is the sigmoid, 1 / (1 + u) or u / (1 + u). */
@inline
function softplusFour(to: usize, slope: usize, x: v128, left: i32): void {
  const zero = f32x4.splat(0.0);
  const one = f32x4.splat(1.0);
  const u = exponential(f32x4.neg(f32x4.abs(x)));
  const upper = f32x4.gt(x, zero);
  put(slope, f32x4.div(v128.bitselect(one, u, upper), f32x4.add(one, u)), left);
  put(to, f32x4.add(v128.and(x, upper), logOnePlus(u)), left);
}

/** x s with s = sigmoid(x); its slope is s + x s (1 - s). */
@inline
function siluFour(to: usize, slope: usize, x: v128, left: i32): void {
  const s = logistic(x);
  const y = f32x4.mul(x, s);
  put(slope, f32x4.add(s, f32x4.sub(y, f32x4.mul(y, s))), left);
  put(to, y, left);
}
