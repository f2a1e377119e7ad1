// Elementwise work on rows of floats.
import { floats, keep, multiplyAdd, put, sum } from './lanes';

/** In place: LeakyReLU. */
export function activate(layer: usize, count: i32, slope: f32): void {
  const zero = f32x4.splat(0.0);
  const slopes = f32x4.splat(slope);
  for (let i = 0; i < count; i += 4) {
    const at = layer + floats(i);
    const v = v128.load(at);
    put(at, v128.bitselect(v, f32x4.mul(v, slopes), f32x4.gt(v, zero)), count - i);
  }
}

/** to = back through LeakyReLU; its output has the sign of its input, so `layer` tells which side it was. */
export function deactivate(to: usize, from: usize, layer: usize, count: i32, slope: f32): void {
  const zero = f32x4.splat(0.0);
  const slopes = f32x4.splat(slope);
  for (let i = 0; i < count; i += 4) {
    const at = floats(i);
    const v = v128.load(from + at);
    const open = f32x4.gt(v128.load(layer + at), zero);
    put(to + at, v128.bitselect(v, f32x4.mul(v, slopes), open), count - i);
  }
}

/** to = factor a */
export function scale(to: usize, factor: f32, a: usize, count: i32): void {
  const factors = f32x4.splat(factor);
  for (let i = 0; i < count; i += 4) {
    const at = floats(i);
    put(to + at, f32x4.mul(factors, v128.load(a + at)), count - i);
  }
}

/** to = factor a + b */
export function scaleAdd(to: usize, factor: f32, a: usize, b: usize, count: i32): void {
  const factors = f32x4.splat(factor);
  for (let i = 0; i < count; i += 4) {
    const at = floats(i);
    put(to + at, multiplyAdd(factors, v128.load(a + at), v128.load(b + at)), count - i);
  }
}

export function dot(a: usize, b: usize, count: i32): f32 {
  let total = f32x4.splat(0.0);
  for (let i = 0; i < count; i += 4) {
    const at = floats(i);
    const left = count - i;
    total = multiplyAdd(keep(v128.load(a + at), left), keep(v128.load(b + at), left), total);
  }
  return sum(total);
}

export function squaredDistance(a: usize, b: usize, count: i32): f32 {
  let total = f32x4.splat(0.0);
  for (let i = 0; i < count; i += 4) {
    const at = floats(i);
    const d = keep(f32x4.sub(v128.load(a + at), v128.load(b + at)), count - i);
    total = multiplyAdd(d, d, total);
  }
  return sum(total);
}
