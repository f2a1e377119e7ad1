// Elementwise work on rows of floats. Every loop does whole fours, then what is left by the same inlined function:
// a test inside the loop would make V8 compute each element once per outcome.
import { floats, keep, multiplyAdd, put, sum } from './lanes';

/** In place: LeakyReLU. */
export function activate(layer: usize, count: i32, slope: f32): void {
  deactivate(layer, layer, layer, count, slope);
}

/**
 * to = back through LeakyReLU; its output has the sign of its input, so `layer` tells which side it was. With itself
 * as layer this is LeakyReLU.
 */
export function deactivate(to: usize, from: usize, layer: usize, count: i32, slope: f32): void {
  const whole = floats(count & ~3);
  for (let at: usize = 0; at < whole; at += 16) deactivateFour(to + at, from + at, layer + at, slope, 4);
  if (count & 3) deactivateFour(to + whole, from + whole, layer + whole, slope, count & 3);
}

@inline
function deactivateFour(to: usize, from: usize, layer: usize, slope: f32, left: i32): void {
  const v = v128.load(from);
  const open = f32x4.gt(v128.load(layer), f32x4.splat(0.0));
  put(to, v128.bitselect(v, f32x4.mul(v, f32x4.splat(slope)), open), left);
}

/** to = factor a */
export function scale(to: usize, factor: f32, a: usize, count: i32): void {
  const whole = floats(count & ~3);
  for (let at: usize = 0; at < whole; at += 16) scaleFour(to + at, factor, a + at, 4);
  if (count & 3) scaleFour(to + whole, factor, a + whole, count & 3);
}

@inline
function scaleFour(to: usize, factor: f32, a: usize, left: i32): void {
  put(to, f32x4.mul(f32x4.splat(factor), v128.load(a)), left);
}

/** to = factor a + b */
export function scaleAdd(to: usize, factor: f32, a: usize, b: usize, count: i32): void {
  const whole = floats(count & ~3);
  for (let at: usize = 0; at < whole; at += 16) scaleAddFour(to + at, factor, a + at, b + at, 4);
  if (count & 3) scaleAddFour(to + whole, factor, a + whole, b + whole, count & 3);
}

@inline
function scaleAddFour(to: usize, factor: f32, a: usize, b: usize, left: i32): void {
  put(to, multiplyAdd(f32x4.splat(factor), v128.load(a), v128.load(b)), left);
}

export function dot(a: usize, b: usize, count: i32): f32 {
  const whole = floats(count & ~3);
  let total = f32x4.splat(0.0);
  for (let at: usize = 0; at < whole; at += 16) {
    total = multiplyAdd(v128.load(a + at), v128.load(b + at), total);
  }
  if (count & 3) {
    const left = count & 3;
    total = multiplyAdd(keep(v128.load(a + whole), left), keep(v128.load(b + whole), left), total);
  }
  return sum(total);
}

export function squaredDistance(a: usize, b: usize, count: i32): f32 {
  const whole = floats(count & ~3);
  let total = f32x4.splat(0.0);
  for (let at: usize = 0; at < whole; at += 16) {
    const d = f32x4.sub(v128.load(a + at), v128.load(b + at));
    total = multiplyAdd(d, d, total);
  }
  if (count & 3) {
    const d = keep(f32x4.sub(v128.load(a + whole), v128.load(b + whole)), count & 3);
    total = multiplyAdd(d, d, total);
  }
  return sum(total);
}
