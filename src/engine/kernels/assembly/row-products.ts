// One row of a matrix product: as many columns at a time as there are registers. See products.ts for the notation.
import { begin, floats, multiplyAdd, putTwo } from './lanes';

export function multiplyRow(
  c: usize,
  a: usize,
  aAcross: usize,
  b: usize,
  bDown: usize,
  start: usize,
  columns: i32,
  inner: i32,
): void {
  let j = 0;
  while (j < columns) {
    const at = floats(j);
    const left = columns - j;
    const startAt = start ? start + at : 0;
    if (left > 16) {
      sixRegisters(c + at, left, a, aAcross, b + at, bDown, startAt, inner);
      j += 24;
    } else if (left > 8) {
      fourRegisters(c + at, left, a, aAcross, b + at, bDown, startAt, inner);
      j += 16;
    } else {
      twoRegisters(c + at, left, a, aAcross, b + at, bDown, startAt, inner);
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
  bDown: usize,
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
    const next = b + bDown;
    v = v128.load32_splat(a + aAcross);
    s0 = multiplyAdd(v, v128.load(next), s0);
    s1 = multiplyAdd(v, v128.load(next, 16), s1);
    s2 = multiplyAdd(v, v128.load(next, 32), s2);
    s3 = multiplyAdd(v, v128.load(next, 48), s3);
    s4 = multiplyAdd(v, v128.load(next, 64), s4);
    s5 = multiplyAdd(v, v128.load(next, 80), s5);
    a += 2 * aAcross;
    b += 2 * bDown;
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
  bDown: usize,
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
    const next = b + bDown;
    v = v128.load32_splat(a + aAcross);
    s0 = multiplyAdd(v, v128.load(next), s0);
    s1 = multiplyAdd(v, v128.load(next, 16), s1);
    s2 = multiplyAdd(v, v128.load(next, 32), s2);
    s3 = multiplyAdd(v, v128.load(next, 48), s3);
    a += 2 * aAcross;
    b += 2 * bDown;
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
  bDown: usize,
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
    b += bDown;
  }
  putTwo(c, s0, s1, left);
}
