// The one matrix product everything else is made of.
//
// Notation   c (M, N) row-major, b (K, N) row-major, a (M, K) with any steps between its elements, all in bytes:
//            exchanged steps read a transposed, a step of 0 repeats an element
//
// A sum is kept in one lane of one register and runs over k in order, whatever the tile, so a row's result does not
// depend on the rows beside it. Tiles keep at most eight registers of sums: of x64's sixteen, V8 needs the others.
import { floats, multiplyAdd, put } from './lanes';

/** c = start + a b, `start` (N,) being added to each row, or 0 for none. c may not overlap a or b. */
export function multiply(
  c: usize,
  a: usize,
  aDown: usize,
  aAcross: usize,
  b: usize,
  start: usize,
  rows: i32,
  columns: i32,
  inner: i32,
): void {
  const width = floats(columns);
  const tiledRows = rows & ~3;
  if (tiledRows) {
    for (let j = 0; j < columns; j += 8) {
      const left = columns - j;
      const at = floats(j);
      const startAt = start ? start + at : 0;
      for (let i = 0; i < tiledRows; i += 4) {
        tile(c + <usize>i * width + at, width, left, a + <usize>i * aDown, aDown, aAcross, b + at, startAt, inner);
      }
    }
  }
  for (let i = tiledRows; i < rows; i++) {
    multiplyRow(c + <usize>i * width, a + <usize>i * aDown, aAcross, b, start, columns, inner);
  }
}

/** Four rows by eight columns, of which `left` exist. */
function tile(
  c: usize,
  width: usize,
  left: i32,
  a: usize,
  aDown: usize,
  aAcross: usize,
  b: usize,
  start: usize,
  inner: i32,
): void {
  let s00 = begin(start, 0);
  let s01 = begin(start, 16);
  let s10 = s00;
  let s11 = s01;
  let s20 = s00;
  let s21 = s01;
  let s30 = s00;
  let s31 = s01;
  let a0 = a;
  let a1 = a0 + aDown;
  let a2 = a1 + aDown;
  let a3 = a2 + aDown;
  for (let k = inner; k > 0; k--) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    let v = v128.load32_splat(a0);
    s00 = multiplyAdd(v, b0, s00);
    s01 = multiplyAdd(v, b1, s01);
    v = v128.load32_splat(a1);
    s10 = multiplyAdd(v, b0, s10);
    s11 = multiplyAdd(v, b1, s11);
    v = v128.load32_splat(a2);
    s20 = multiplyAdd(v, b0, s20);
    s21 = multiplyAdd(v, b1, s21);
    v = v128.load32_splat(a3);
    s30 = multiplyAdd(v, b0, s30);
    s31 = multiplyAdd(v, b1, s31);
    a0 += aAcross;
    a1 += aAcross;
    a2 += aAcross;
    a3 += aAcross;
    b += width;
  }
  putTwo(c, s00, s01, left);
  putTwo(c + width, s10, s11, left);
  putTwo(c + 2 * width, s20, s21, left);
  putTwo(c + 3 * width, s30, s31, left);
}

function multiplyRow(
  c: usize,
  a: usize,
  aAcross: usize,
  b: usize,
  start: usize,
  columns: i32,
  inner: i32,
): void {
  const width = floats(columns);
  let j = 0;
  while (j < columns) {
    const at = floats(j);
    const left = columns - j;
    const startAt = start ? start + at : 0;
    if (left > 16) {
      sixRegisters(c + at, left, a, aAcross, b + at, width, startAt, inner);
      j += 24;
    } else if (left > 8) {
      fourRegisters(c + at, left, a, aAcross, b + at, width, startAt, inner);
      j += 16;
    } else {
      twoRegisters(c + at, left, a, aAcross, b + at, width, startAt, inner);
      j += 8;
    }
  }
}

function sixRegisters(
  c: usize,
  left: i32,
  a: usize,
  aAcross: usize,
  b: usize,
  width: usize,
  start: usize,
  inner: i32,
): void {
  let s0 = begin(start, 0);
  let s1 = begin(start, 16);
  let s2 = begin(start, 32);
  let s3 = begin(start, 48);
  let s4 = begin(start, 64);
  let s5 = begin(start, 80);
  for (let k = inner; k > 0; k--) {
    const v = v128.load32_splat(a);
    s0 = multiplyAdd(v, v128.load(b), s0);
    s1 = multiplyAdd(v, v128.load(b, 16), s1);
    s2 = multiplyAdd(v, v128.load(b, 32), s2);
    s3 = multiplyAdd(v, v128.load(b, 48), s3);
    s4 = multiplyAdd(v, v128.load(b, 64), s4);
    s5 = multiplyAdd(v, v128.load(b, 80), s5);
    a += aAcross;
    b += width;
  }
  putTwo(c, s0, s1, left);
  putTwo(c + 32, s2, s3, left - 8);
  putTwo(c + 64, s4, s5, left - 16);
}

function fourRegisters(
  c: usize,
  left: i32,
  a: usize,
  aAcross: usize,
  b: usize,
  width: usize,
  start: usize,
  inner: i32,
): void {
  let s0 = begin(start, 0);
  let s1 = begin(start, 16);
  let s2 = begin(start, 32);
  let s3 = begin(start, 48);
  for (let k = inner; k > 0; k--) {
    const v = v128.load32_splat(a);
    s0 = multiplyAdd(v, v128.load(b), s0);
    s1 = multiplyAdd(v, v128.load(b, 16), s1);
    s2 = multiplyAdd(v, v128.load(b, 32), s2);
    s3 = multiplyAdd(v, v128.load(b, 48), s3);
    a += aAcross;
    b += width;
  }
  putTwo(c, s0, s1, left);
  putTwo(c + 32, s2, s3, left - 8);
}

function twoRegisters(
  c: usize,
  left: i32,
  a: usize,
  aAcross: usize,
  b: usize,
  width: usize,
  start: usize,
  inner: i32,
): void {
  let s0 = begin(start, 0);
  let s1 = begin(start, 16);
  for (let k = inner; k > 0; k--) {
    const v = v128.load32_splat(a);
    s0 = multiplyAdd(v, v128.load(b), s0);
    s1 = multiplyAdd(v, v128.load(b, 16), s1);
    a += aAcross;
    b += width;
  }
  putTwo(c, s0, s1, left);
}

// @ts-ignore: decorator
@inline
function begin(start: usize, at: usize): v128 {
  return start ? v128.load(start + at) : f32x4.splat(0.0);
}

// @ts-ignore: decorator
@inline
function putTwo(c: usize, s0: v128, s1: v128, left: i32): void {
  put(c, s0, left);
  put(c + 16, s1, left - 4);
}

/** to (columns, rows) = from (rows, columns) transposed. */
export function transpose(to: usize, from: usize, rows: i32, columns: i32): void {
  const down = floats(columns);
  for (let i = 0; i < rows; i += 4) {
    const left = rows - i;
    // Rows that do not exist are read from the last one that does; their lanes are not stored.
    const from0 = from + <usize>i * down;
    const from1 = left > 1 ? from0 + down : from0;
    const from2 = left > 2 ? from1 + down : from1;
    const from3 = left > 3 ? from2 + down : from2;
    for (let j = 0; j < columns; j += 4) {
      const at = floats(j);
      const r0 = v128.load(from0 + at);
      const r1 = v128.load(from1 + at);
      const r2 = v128.load(from2 + at);
      const r3 = v128.load(from3 + at);
      const low01 = i32x4.shuffle(r0, r1, 0, 4, 1, 5);
      const low23 = i32x4.shuffle(r2, r3, 0, 4, 1, 5);
      const high01 = i32x4.shuffle(r0, r1, 2, 6, 3, 7);
      const high23 = i32x4.shuffle(r2, r3, 2, 6, 3, 7);
      const target = to + floats(j * rows + i);
      const across = floats(rows);
      const exist = columns - j;
      put(target, i32x4.shuffle(low01, low23, 0, 1, 4, 5), left);
      if (exist > 1) put(target + across, i32x4.shuffle(low01, low23, 2, 3, 6, 7), left);
      if (exist > 2) put(target + 2 * across, i32x4.shuffle(high01, high23, 0, 1, 4, 5), left);
      if (exist > 3) put(target + 3 * across, i32x4.shuffle(high01, high23, 2, 3, 6, 7), left);
    }
  }
}
