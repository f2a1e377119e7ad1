// Softmax of rows for tapes; engine/tape/kernels.ts says what it does.
import { exponential } from '../exponential';
import { dot, scale as scaleRow } from '../rows';
import { floats, keep, put, sum } from '../lanes';

export function softmaxRows(
  to: i32,
  from: i32,
  rows: i32,
  columns: i32,
  scale: f32,
  causal: i32,
): void {
  for (let i = 0; i < rows; i++) {
    const seen = causal ? (i % columns) + 1 : columns;
    const place = floats(to + i * columns);
    softmaxRow(place, floats(from + i * columns), seen, scale);
    if (seen < columns) memory.fill(place + floats(seen), 0, floats(columns - seen));
  }
}

@inline
function softmaxRow(to: usize, from: usize, count: i32, scale: f32): void {
  const whole = floats(count & ~3);
  const left = count & 3;
  const factor = f32x4.splat(scale);
  const shift = f32x4.splat(-(largest(from, count) * scale));
  let total = f32x4.splat(0.0);
  for (let at: usize = 0; at < whole; at += 16) {
    const v = exponential(f32x4.add(f32x4.mul(v128.load(from + at), factor), shift));
    total = f32x4.add(total, v);
    v128.store(to + at, v);
  }
  if (left) {
    const v = exponential(f32x4.add(f32x4.mul(v128.load(from + whole), factor), shift));
    total = f32x4.add(total, keep(v, left));
    put(to + whole, v, left);
  }
  scaleRow(to, <f32>1.0 / sum(total), to, count);
}

export function largest(from: usize, count: i32): f32 {
  const whole = floats(count & ~3);
  let most = v128.load32_splat(from);
  for (let at: usize = 0; at < whole; at += 16) most = f32x4.max(most, v128.load(from + at));
  for (let at = whole; at < floats(count); at += 4) most = f32x4.max(most, v128.load32_splat(from + at));
  most = f32x4.max(most, i32x4.shuffle(most, most, 2, 3, 2, 3));
  return f32x4.extract_lane(f32x4.max(most, i32x4.shuffle(most, most, 1, 1, 1, 1)), 0);
}

export function softmaxBack(
  to: i32,
  gradient: i32,
  probabilities: i32,
  start: i32,
  rows: i32,
  columns: i32,
  scale: f32,
): void {
  for (let i = 0; i < rows; i++) {
    const at = i * columns;
    const before = start ? floats(start + at) : 0;
    softmaxRowBack(floats(to + at), floats(gradient + at), floats(probabilities + at), before, columns, scale);
  }
}

export function softmaxBackKept(
  to: i32,
  gradient: i32,
  probabilities: i32,
  columns: i32,
  scale: f32,
  list: i32,
  kept: i32,
): void {
  for (let next = floats(list); next < floats(list + kept); next += 4) {
    const at = <i32>load<f32>(next) * columns;
    softmaxRowBack(floats(to + at), floats(gradient + at), floats(probabilities + at), 0, columns, scale);
  }
}

@inline
function softmaxRowBack(to: usize, g: usize, p: usize, before: usize, columns: i32, scale: f32): void {
  const mean = f32x4.splat(dot(g, p, columns));
  for (let j = 0; j < columns; j += 4) {
    const byte = floats(j);
    const error = f32x4.sub(v128.load(g + byte), mean);
    const v = f32x4.mul(f32x4.mul(f32x4.splat(scale), v128.load(p + byte)), error);
    put(to + byte, before ? f32x4.add(v, v128.load(before + byte)) : v, columns - j);
  }
}
