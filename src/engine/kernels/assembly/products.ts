// The one matrix product everything else is made of.
//
// Notation   c (M, N) row-major, b (K, N) row-major, a (M, K) with any steps between its elements, all in bytes:
//            exchanged steps read a transposed, a step of 0 repeats an element
//
// A sum is kept in one lane of one register and runs over k in order, whatever the tile, so a row's result does not
// depend on the rows beside it. Tiles keep at most eight registers of sums, because x64 has sixteen and V8 loads all
// a loop body needs before it computes; the way out in the middle of each body splits it in two for V8.
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
  const pairs = rows & ~1;
  if (pairs) {
    for (let j = 0; j < columns; j += 16) {
      const at = floats(j);
      const startAt = start ? start + at : 0;
      for (let i = 0; i < pairs; i += 2) {
        tile(c + <usize>i * width + at, width, columns - j, a + <usize>i * aDown, aDown, aAcross, b + at, startAt, inner);
      }
    }
  }
  if (pairs < rows) {
    multiplyRow(c + <usize>pairs * width, a + <usize>pairs * aDown, aAcross, b, start, columns, inner);
  }
}

/** Two rows by sixteen columns, of which `left` exist. */
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
  let s02 = begin(start, 32);
  let s03 = begin(start, 48);
  let s10 = s00;
  let s11 = s01;
  let s12 = s02;
  let s13 = s03;
  let a1 = a + aDown;
  for (let k = inner; k > 0; k -= 2) {
    let v0 = v128.load32_splat(a);
    let v1 = v128.load32_splat(a1);
    let w = v128.load(b);
    s00 = multiplyAdd(v0, w, s00);
    s10 = multiplyAdd(v1, w, s10);
    w = v128.load(b, 16);
    s01 = multiplyAdd(v0, w, s01);
    s11 = multiplyAdd(v1, w, s11);
    w = v128.load(b, 32);
    s02 = multiplyAdd(v0, w, s02);
    s12 = multiplyAdd(v1, w, s12);
    w = v128.load(b, 48);
    s03 = multiplyAdd(v0, w, s03);
    s13 = multiplyAdd(v1, w, s13);
    if (k == 1) break;
    const next = b + width;
    v0 = v128.load32_splat(a + aAcross);
    v1 = v128.load32_splat(a1 + aAcross);
    w = v128.load(next);
    s00 = multiplyAdd(v0, w, s00);
    s10 = multiplyAdd(v1, w, s10);
    w = v128.load(next, 16);
    s01 = multiplyAdd(v0, w, s01);
    s11 = multiplyAdd(v1, w, s11);
    w = v128.load(next, 32);
    s02 = multiplyAdd(v0, w, s02);
    s12 = multiplyAdd(v1, w, s12);
    w = v128.load(next, 48);
    s03 = multiplyAdd(v0, w, s03);
    s13 = multiplyAdd(v1, w, s13);
    a += 2 * aAcross;
    a1 += 2 * aAcross;
    b += 2 * width;
  }
  putTwo(c, s00, s01, left);
  putTwo(c + 32, s02, s03, left - 8);
  putTwo(c + width, s10, s11, left);
  putTwo(c + width + 32, s12, s13, left - 8);
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
  for (let k = inner; k > 0; k -= 2) {
    let v = v128.load32_splat(a);
    s0 = multiplyAdd(v, v128.load(b), s0);
    s1 = multiplyAdd(v, v128.load(b, 16), s1);
    s2 = multiplyAdd(v, v128.load(b, 32), s2);
    s3 = multiplyAdd(v, v128.load(b, 48), s3);
    s4 = multiplyAdd(v, v128.load(b, 64), s4);
    s5 = multiplyAdd(v, v128.load(b, 80), s5);
    if (k == 1) break;
    const next = b + width;
    v = v128.load32_splat(a + aAcross);
    s0 = multiplyAdd(v, v128.load(next), s0);
    s1 = multiplyAdd(v, v128.load(next, 16), s1);
    s2 = multiplyAdd(v, v128.load(next, 32), s2);
    s3 = multiplyAdd(v, v128.load(next, 48), s3);
    s4 = multiplyAdd(v, v128.load(next, 64), s4);
    s5 = multiplyAdd(v, v128.load(next, 80), s5);
    a += 2 * aAcross;
    b += 2 * width;
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
  for (let k = inner; k > 0; k -= 2) {
    let v = v128.load32_splat(a);
    s0 = multiplyAdd(v, v128.load(b), s0);
    s1 = multiplyAdd(v, v128.load(b, 16), s1);
    s2 = multiplyAdd(v, v128.load(b, 32), s2);
    s3 = multiplyAdd(v, v128.load(b, 48), s3);
    if (k == 1) break;
    const next = b + width;
    v = v128.load32_splat(a + aAcross);
    s0 = multiplyAdd(v, v128.load(next), s0);
    s1 = multiplyAdd(v, v128.load(next, 16), s1);
    s2 = multiplyAdd(v, v128.load(next, 32), s2);
    s3 = multiplyAdd(v, v128.load(next, 48), s3);
    a += 2 * aAcross;
    b += 2 * width;
  }
  putTwo(c, s0, s1, left);
  putTwo(c + 32, s2, s3, left - 8);
}

/** V8 unrolls this one by itself. */
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

@inline
function begin(start: usize, at: usize): v128 {
  return start ? v128.load(start + at) : f32x4.splat(0.0);
}

@inline
function putTwo(c: usize, s0: v128, s1: v128, left: i32): void {
  put(c, s0, left);
  put(c + 16, s1, left - 4);
}
