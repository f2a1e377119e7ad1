// Normalisation of rows for tapes; engine/tape/kernels/elements.ts says what it does.
//
// Notation   z = (x - mean) r, r = 1 / sqrt(variance + epsilon); `moments` holds mean and r of each row
import { floats, keep, multiplyAdd, put, sum } from '../lanes';

export function normaliseRows(
  to: i32,
  moments: i32,
  from: i32,
  gain: i32,
  bias: i32,
  rows: i32,
  columns: i32,
  epsilon: f32,
): void {
  let target = floats(to);
  let source = floats(from);
  let moment = floats(moments);
  const share: f32 = <f32>1.0 / <f32>columns;
  for (let i = 0; i < rows; i++) {
    const mean = sumOfRow(source, columns) * share;
    const variance = squaresOfRow(source, mean, columns) * share;
    const r = <f32>1.0 / sqrt<f32>(variance + epsilon);
    store<f32>(moment, mean);
    store<f32>(moment, r, 4);
    normaliseRow(target, source, floats(gain), floats(bias), moment, columns);
    target += floats(columns);
    source += floats(columns);
    moment += 8;
  }
}

@inline
function sumOfRow(from: usize, count: i32): f32 {
  const whole = floats(count & ~3);
  let total = f32x4.splat(0.0);
  for (let at: usize = 0; at < whole; at += 16) total = f32x4.add(total, v128.load(from + at));
  if (count & 3) total = f32x4.add(total, keep(v128.load(from + whole), count & 3));
  return sum(total);
}

@inline
function squaresOfRow(from: usize, mean: f32, count: i32): f32 {
  const whole = floats(count & ~3);
  const middle = f32x4.splat(mean);
  let total = f32x4.splat(0.0);
  for (let at: usize = 0; at < whole; at += 16) {
    const d = f32x4.sub(v128.load(from + at), middle);
    total = multiplyAdd(d, d, total);
  }
  if (count & 3) {
    const d = keep(f32x4.sub(v128.load(from + whole), middle), count & 3);
    total = multiplyAdd(d, d, total);
  }
  return sum(total);
}

@inline
function normaliseRow(to: usize, from: usize, gain: usize, bias: usize, moment: usize, count: i32): void {
  const whole = floats(count & ~3);
  const left = count & 3;
  const mean = v128.load32_splat(moment);
  const r = v128.load32_splat(moment, 4);
  for (let at: usize = 0; at < whole; at += 16) {
    v128.store(to + at, gained(from + at, gain + at, bias + at, mean, r));
  }
  if (left) put(to + whole, gained(from + whole, gain + whole, bias + whole, mean, r), left);
}

@inline
function gained(from: usize, gain: usize, bias: usize, mean: v128, r: v128): v128 {
  return multiplyAdd(normal(from, mean, r), v128.load(gain), v128.load(bias));
}

@inline
function normal(from: usize, mean: v128, r: v128): v128 {
  return f32x4.mul(f32x4.sub(v128.load(from), mean), r);
}

/** With d = gradient gain: to += r (d - mean of d - z mean of d z). */
export function normaliseRowsBack(
  to: i32,
  gradient: i32,
  from: i32,
  gain: i32,
  moments: i32,
  rows: i32,
  columns: i32,
): void {
  let target = floats(to);
  let source = floats(from);
  let slope = floats(gradient);
  let moment = floats(moments);
  for (let i = 0; i < rows; i++) {
    normaliseRowBack(target, slope, source, floats(gain), moment, columns);
    target += floats(columns);
    source += floats(columns);
    slope += floats(columns);
    moment += 8;
  }
}

@inline
function normaliseRowBack(
  to: usize,
  gradient: usize,
  from: usize,
  gain: usize,
  moment: usize,
  count: i32,
): void {
  const whole = floats(count & ~3);
  const left = count & 3;
  const mean = v128.load32_splat(moment);
  const r = v128.load32_splat(moment, 4);
  let ofD = f32x4.splat(0.0);
  let ofProduct = f32x4.splat(0.0);
  for (let at: usize = 0; at < whole; at += 16) {
    const d = f32x4.mul(v128.load(gradient + at), v128.load(gain + at));
    ofD = f32x4.add(ofD, d);
    ofProduct = multiplyAdd(d, normal(from + at, mean, r), ofProduct);
  }
  if (left) {
    const d = keep(f32x4.mul(v128.load(gradient + whole), v128.load(gain + whole)), left);
    ofD = f32x4.add(ofD, d);
    ofProduct = multiplyAdd(d, keep(normal(from + whole, mean, r), left), ofProduct);
  }
  const share: f32 = <f32>-1.0 / <f32>count;
  const shift = f32x4.splat(sum(ofD) * share);
  const tilt = f32x4.splat(sum(ofProduct) * share);
  for (let at: usize = 0; at < whole; at += 16) {
    v128.store(to + at, passed(to + at, gradient + at, from + at, gain + at, mean, r, shift, tilt));
  }
  if (left) {
    put(to + whole, passed(to + whole, gradient + whole, from + whole, gain + whole, mean, r, shift, tilt), left);
  }
}

@inline
function passed(
  to: usize,
  gradient: usize,
  from: usize,
  gain: usize,
  mean: v128,
  r: v128,
  shift: v128,
  tilt: v128,
): v128 {
  const centred = multiplyAdd(v128.load(gradient), v128.load(gain), shift);
  return multiplyAdd(r, multiplyAdd(normal(from, mean, r), tilt, centred), v128.load(to));
}

/** Eight columns at a time, so that their sums stay in registers. */
export function normaliseWeightsBack(
  gain: i32,
  bias: i32,
  gradient: i32,
  from: i32,
  moments: i32,
  rows: i32,
  columns: i32,
): void {
  for (let j = 0; j < columns; j += 8) {
    let slope = floats(gradient + j);
    let source = floats(from + j);
    let moment = floats(moments);
    let g0 = f32x4.splat(0.0);
    let g1 = f32x4.splat(0.0);
    let b0 = f32x4.splat(0.0);
    let b1 = f32x4.splat(0.0);
    for (let i = 0; i < rows; i++) {
      const mean = v128.load32_splat(moment);
      const r = v128.load32_splat(moment, 4);
      let d = v128.load(slope);
      b0 = f32x4.add(b0, d);
      g0 = multiplyAdd(d, normal(source, mean, r), g0);
      d = v128.load(slope, 16);
      b1 = f32x4.add(b1, d);
      g1 = multiplyAdd(d, normal(source + 16, mean, r), g1);
      slope += floats(columns);
      source += floats(columns);
      moment += 8;
    }
    if (gain) addEight(floats(gain + j), g0, g1, columns - j);
    if (bias) addEight(floats(bias + j), b0, b1, columns - j);
  }
}

@inline
function addEight(to: usize, s0: v128, s1: v128, left: i32): void {
  put(to, f32x4.add(v128.load(to), s0), left);
  put(to + 16, f32x4.add(v128.load(to, 16), s1), left - 4);
}
