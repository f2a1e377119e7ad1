// What is large enough to be kept, as values with zeros in between; engine/tape/kernels/kept-products.ts says what they do.
import { floats, put } from '../lanes';

/** The bits of |a|. */
export const MAGNITUDE = 0x7fffffff;

const STEP32 = 0x9e3779b9;

/** to = values where |by| is kept, otherwise 0. */
export function keepElements(to: i32, values: i32, by: i32, count: i32, threshold: f32): void {
  const least = i32x4.splat(reinterpret<i32>(threshold));
  const magnitude = i32x4.splat(MAGNITUDE);
  for (let k = 0; k < count; k += 4) {
    const kept = i32x4.gt_s(v128.and(v128.load(floats(by + k)), magnitude), least);
    put(floats(to + k), v128.and(v128.load(floats(values + k)), kept), count - k);
  }
}

/** to = values in the columns of `by`, (rows, columns), of which one element is kept, otherwise 0. */
export function keepColumns(to: i32, values: i32, by: i32, rows: i32, columns: i32, threshold: f32): void {
  const least = i32x4.splat(reinterpret<i32>(threshold));
  const magnitude = i32x4.splat(MAGNITUDE);
  for (let j = 0; j < columns; j += 4) {
    let most = i32x4.splat(0);
    for (let i = 0; i < rows; i++) {
      most = i32x4.max_s(most, v128.and(v128.load(floats(by + i * columns + j)), magnitude));
    }
    const kept = i32x4.gt_s(most, least);
    for (let i = 0; i < rows; i++) {
      const at = i * columns + j;
      put(floats(to + at), v128.and(v128.load(floats(values + at)), kept), columns - j);
    }
  }
}

export function thinRows(list: i32, g: i32, rows: i32, columns: i32, threshold: f32, key: i32): i32 {
  const least = reinterpret<i32>(threshold);
  let at = floats(list);
  for (let i = 0; i < rows; i++) {
    const row = floats(g + i * columns);
    const greatest = greatestOf(row, columns);
    store<f32>(at, <f32>i);
    if (greatest > least) {
      at += 4;
      continue;
    }
    if (key == 0) continue;
    const size = <f64>reinterpret<f32>(greatest);
    if (!(<f64>mix32(key + i * STEP32) < (size / <f64>threshold) * 4294967296.0)) continue;
    scaleRow(row, columns, <f32>(<f64>threshold / size));
    at += 4;
  }
  return <i32>((at - floats(list)) >> 2);
}

function scaleRow(row: usize, columns: i32, factor: f32): void {
  const factors = f32x4.splat(factor);
  for (let j = 0; j < columns; j += 4) {
    put(row, f32x4.mul(v128.load(row), factors), columns - j);
    row += 16;
  }
}

/** As in engine/random.ts. */
function mix32(word: i32): u32 {
  let z = <u32>word;
  z = (z ^ (z >>> 16)) * 0x85ebca6b;
  z = (z ^ (z >>> 13)) * 0xc2b2ae35;
  return z ^ (z >>> 16);
}

/** The bits of the greatest |a| of a row. */
export function greatestOf(a: usize, columns: i32): i32 {
  const magnitude = i32x4.splat(MAGNITUDE);
  let most = i32x4.splat(0);
  const whole = a + floats(columns & ~3);
  for (; a < whole; a += 16) most = i32x4.max_s(most, v128.and(v128.load(a), magnitude));
  most = i32x4.max_s(most, i32x4.shuffle(most, most, 2, 3, 0, 1));
  let greatest = max(i32x4.extract_lane(most, 0), i32x4.extract_lane(most, 1));
  for (let k = columns & 3; k > 0; k--) {
    greatest = max(greatest, load<i32>(a) & MAGNITUDE);
    a += 4;
  }
  return greatest;
}
