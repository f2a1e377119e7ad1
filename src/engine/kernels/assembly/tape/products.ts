// Matrix products for tapes; engine/tape/kernels.ts says what they do. Addresses and steps come in elements.
import { multiplyStrided } from '../products';
import { floats, putTwo } from '../lanes';
import { transposeStrided } from '../transpose';

/** Of a product: rows of both sides, some tens of floats each, that the first cache holds for all tiles. */
const BLOCK = 128;

export function multiply(
  c: i32,
  cDown: i32,
  a: i32,
  aDown: i32,
  aAcross: i32,
  b: i32,
  bDown: i32,
  start: i32,
  startDown: i32,
  rows: i32,
  columns: i32,
  inner: i32,
): void {
  const place = floats(c);
  const step = floats(cDown);
  let left = floats(a);
  let right = floats(b);
  let before = floats(start);
  let down = floats(startDown);
  let rest = inner;
  while (rest > 2 * BLOCK) {
    multiplyStrided(place, step, left, floats(aDown), floats(aAcross), right, floats(bDown), before, down, rows, columns, BLOCK);
    left += floats(BLOCK * aAcross);
    right += floats(BLOCK * bDown);
    before = place;
    down = step;
    rest -= BLOCK;
  }
  multiplyStrided(place, step, left, floats(aDown), floats(aAcross), right, floats(bDown), before, down, rows, columns, rest);
}

export function transpose(to: i32, from: i32, fromDown: i32, rows: i32, columns: i32): void {
  transposeStrided(floats(to), floats(from), floats(fromDown), rows, columns);
}

/** Sixteen columns at a time, because one addition waits for the last. */
export function addRows(to: i32, from: i32, fromDown: i32, rows: i32, columns: i32): void {
  const down = floats(fromDown);
  for (let j = 0; j < columns; j += 16) {
    const place = floats(to + j);
    let s0 = v128.load(place);
    let s1 = v128.load(place, 16);
    let s2 = v128.load(place, 32);
    let s3 = v128.load(place, 48);
    let at = floats(from + j);
    for (let i = 0; i < rows; i++) {
      s0 = f32x4.add(s0, v128.load(at));
      s1 = f32x4.add(s1, v128.load(at, 16));
      s2 = f32x4.add(s2, v128.load(at, 32));
      s3 = f32x4.add(s3, v128.load(at, 48));
      at += down;
    }
    putTwo(place, s0, s1, columns - j);
    putTwo(place + 32, s2, s3, columns - j - 8);
  }
}
