// The one matrix product everything else is made of.
//
// Notation   c (M, N) and b (K, N), rows `cDown` and `bDown` bytes apart; a (M, K) with any steps between its elements,
//            in bytes: exchanged steps read a transposed, a step of 0 repeats an element
//
// A sum is kept in one lane of one register and runs over k in order, whatever the tile, so a row's result does not
// depend on the rows beside it. Tiles keep at most eight registers of sums, because x64 has sixteen and V8 loads all
// a loop body needs before it computes; the way out in the middle of each body splits it in two for V8.
import { begin, floats, multiplyAdd, putTwo } from './lanes';
import { multiplyRow } from './row-products';

/** c = start + a b, `start` (N,) being added to each row, or 0 for none. c and b without room between their rows. */
@inline
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
  multiplyStrided(c, width, a, aDown, aAcross, b, width, start, 0, rows, columns, inner);
}

/**
 * c = start + a b, `start` (M, N) with rows `startDown` bytes apart, or 0 for none. c may not overlap a or b; it may be
 * `start`, so that a product is added to what is there.
 */
export function multiplyStrided(
  c: usize,
  cDown: usize,
  a: usize,
  aDown: usize,
  aAcross: usize,
  b: usize,
  bDown: usize,
  start: usize,
  startDown: usize,
  rows: i32,
  columns: i32,
  inner: i32,
): void {
  const pairs = rows & ~1;
  const startStep = start ? 2 * startDown : 0;
  if (pairs) {
    for (let j = 0; j < columns; j += 16) {
      const at = floats(j);
      let startAt = start ? start + at : 0;
      for (let i = 0; i < pairs; i += 2) {
        tile(c + <usize>i * cDown + at, cDown, columns - j, a + <usize>i * aDown, aDown, aAcross, b + at, bDown, startAt, startDown, inner);
        startAt += startStep;
      }
    }
  }
  if (pairs < rows) {
    const startAt = start ? start + <usize>pairs * startDown : 0;
    multiplyRow(c + <usize>pairs * cDown, a + <usize>pairs * aDown, aAcross, b, bDown, startAt, columns, inner);
  }
}

/** Two rows by sixteen columns, of which `left` exist. */
export function tile(
  c: usize,
  cDown: usize,
  left: i32,
  a: usize,
  aDown: usize,
  aAcross: usize,
  b: usize,
  bDown: usize,
  start: usize,
  startDown: usize,
  inner: i32,
): void {
  let s00 = begin(start, 0);
  let s01 = begin(start, 16);
  let s02 = begin(start, 32);
  let s03 = begin(start, 48);
  const start1 = start ? start + startDown : 0;
  let s10 = begin(start1, 0);
  let s11 = begin(start1, 16);
  let s12 = begin(start1, 32);
  let s13 = begin(start1, 48);
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
    const next = b + bDown;
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
    b += 2 * bDown;
  }
  putTwo(c, s00, s01, left);
  putTwo(c + 32, s02, s03, left - 8);
  putTwo(c + cDown, s10, s11, left);
  putTwo(c + cDown + 32, s12, s13, left - 8);
}
