// Matrix products that leave out what is small, element by element; engine/tape/kernels/kept-products.ts says what they do.
//
// Notation   An index of a list is two words: the element itself, and where its row of the right operand begins, in bytes.
//
// A list is made while the operand is read, without a branch: each index is written, and counted only if it is kept. Sums
// run over the kept indices in order, in one lane of one register, as in ../products.ts: what is left out would have added
// zeros, so the result has the bits of the dense product of the pruned operand. The bits of |a| grow with |a|, and
// those of NaN are above all others, so a NaN is kept.
//
// The loops are those of ../row-products.ts and repeat for each number of registers: sums stay in registers only as variables
// of one function, which cannot be an array.
import { begin, floats, multiplyAdd, putTwo } from '../lanes';
import { MAGNITUDE } from './kept-values';

/** Bytes of an index. */
export const INDEX = 8;
/** Rows whose elements are listed together: so many rows read a block of the right operand before the next is loaded. */
const ROWS = 16;
/** Columns of the left operand that are listed together. */
const WIDE = 256;
const LISTS = memory.data(ROWS * WIDE * INDEX, 16);
const COUNTS = memory.data(ROWS * 4, 16);

export function multiplyKept(
  c: i32,
  cDown: i32,
  a: i32,
  aDown: i32,
  b: i32,
  bDown: i32,
  start: i32,
  startDown: i32,
  rows: i32,
  columns: i32,
  inner: i32,
  threshold: f32,
): i32 {
  let kept = 0;
  for (let i = 0; i < rows; i += ROWS) {
    const count = min(rows - i, ROWS);
    let from = start ? floats(start + i * startDown) : 0;
    let down = floats(startDown);
    for (let k = 0; k < inner; k += WIDE) {
      const left = floats(a + i * aDown + k);
      kept += listElements(left, floats(aDown), floats(bDown), count, min(inner - k, WIDE), threshold);
      multiplyLists(floats(c + i * cDown), floats(cDown), floats(b + k * bDown), from, down, count, columns);
      from = floats(c + i * cDown);
      down = floats(cDown);
    }
  }
  return kept;
}

/** Returns the elements that are kept. */
function listElements(a: usize, aDown: usize, bDown: usize, rows: i32, columns: i32, threshold: f32): i32 {
  const least = reinterpret<i32>(threshold);
  let kept = 0;
  for (let i = 0; i < rows; i++) {
    const list = LISTS + <usize>i * (WIDE * INDEX);
    let at = list;
    let offset: usize = 0;
    for (let k: usize = 0; k < floats(columns); k += 4) {
      const bits = load<i32>(a + k);
      store<i32>(at, bits);
      store<u32>(at, <u32>offset, 4);
      at += <usize>((bits & MAGNITUDE) > least) << 3;
      offset += bDown;
    }
    const count = <i32>((at - list) >> 3);
    store<i32>(COUNTS + ((<usize>i) << 2), count);
    kept += count;
    a += aDown;
  }
  return kept;
}

/** All listed rows read the same columns of b before the next ones. */
function multiplyLists(c: usize, cDown: usize, b: usize, start: usize, startDown: usize, rows: i32, columns: i32): void {
  let j = 0;
  while (j < columns) {
    const at = floats(j);
    const left = columns - j;
    let place = c + at;
    let from = start ? start + at : 0;
    for (let i = 0; i < rows; i++) {
      const list = LISTS + <usize>i * (WIDE * INDEX);
      multiplyList(place, left, list, load<i32>(COUNTS + ((<usize>i) << 2)), b + at, from);
      place += cDown;
      if (from) from += startDown;
    }
    j += widthOf(left);
  }
}

/** Columns that are computed together when `left` are left. */
@inline
export function widthOf(left: i32): i32 {
  return left > 16 ? 24 : left > 8 ? 16 : 8;
}

/** So many columns of one row, of which `left` exist. */
@inline
export function multiplyList(c: usize, left: i32, list: usize, count: i32, b: usize, start: usize): void {
  if (left > 16) sixRegisters(c, left, list, count, b, start);
  else if (left > 8) fourRegisters(c, left, list, count, b, start);
  else twoRegisters(c, left, list, count, b, start);
}

function sixRegisters(c: usize, left: i32, list: usize, count: i32, b: usize, start: usize): void {
  let s0 = begin(start, 0);
  let s1 = begin(start, 16);
  let s2 = begin(start, 32);
  let s3 = begin(start, 48);
  let s4 = begin(start, 64);
  let s5 = begin(start, 80);
  for (let k = count; k > 0; k -= 2) {
    let v = v128.load32_splat(list);
    let row = b + load<u32>(list, 4);
    s0 = multiplyAdd(v, v128.load(row), s0);
    s1 = multiplyAdd(v, v128.load(row, 16), s1);
    s2 = multiplyAdd(v, v128.load(row, 32), s2);
    s3 = multiplyAdd(v, v128.load(row, 48), s3);
    s4 = multiplyAdd(v, v128.load(row, 64), s4);
    s5 = multiplyAdd(v, v128.load(row, 80), s5);
    if (k == 1) break;
    v = v128.load32_splat(list, 8);
    row = b + load<u32>(list, 12);
    s0 = multiplyAdd(v, v128.load(row), s0);
    s1 = multiplyAdd(v, v128.load(row, 16), s1);
    s2 = multiplyAdd(v, v128.load(row, 32), s2);
    s3 = multiplyAdd(v, v128.load(row, 48), s3);
    s4 = multiplyAdd(v, v128.load(row, 64), s4);
    s5 = multiplyAdd(v, v128.load(row, 80), s5);
    list += 2 * INDEX;
  }
  putTwo(c, s0, s1, left);
  putTwo(c + 32, s2, s3, left - 8);
  putTwo(c + 64, s4, s5, left - 16);
}

function fourRegisters(c: usize, left: i32, list: usize, count: i32, b: usize, start: usize): void {
  let s0 = begin(start, 0);
  let s1 = begin(start, 16);
  let s2 = begin(start, 32);
  let s3 = begin(start, 48);
  for (let k = count; k > 0; k -= 2) {
    let v = v128.load32_splat(list);
    let row = b + load<u32>(list, 4);
    s0 = multiplyAdd(v, v128.load(row), s0);
    s1 = multiplyAdd(v, v128.load(row, 16), s1);
    s2 = multiplyAdd(v, v128.load(row, 32), s2);
    s3 = multiplyAdd(v, v128.load(row, 48), s3);
    if (k == 1) break;
    v = v128.load32_splat(list, 8);
    row = b + load<u32>(list, 12);
    s0 = multiplyAdd(v, v128.load(row), s0);
    s1 = multiplyAdd(v, v128.load(row, 16), s1);
    s2 = multiplyAdd(v, v128.load(row, 32), s2);
    s3 = multiplyAdd(v, v128.load(row, 48), s3);
    list += 2 * INDEX;
  }
  putTwo(c, s0, s1, left);
  putTwo(c + 32, s2, s3, left - 8);
}

function twoRegisters(c: usize, left: i32, list: usize, count: i32, b: usize, start: usize): void {
  let s0 = begin(start, 0);
  let s1 = begin(start, 16);
  for (let k = count; k > 0; k -= 2) {
    let v = v128.load32_splat(list);
    let row = b + load<u32>(list, 4);
    s0 = multiplyAdd(v, v128.load(row), s0);
    s1 = multiplyAdd(v, v128.load(row, 16), s1);
    if (k == 1) break;
    v = v128.load32_splat(list, 8);
    row = b + load<u32>(list, 12);
    s0 = multiplyAdd(v, v128.load(row), s0);
    s1 = multiplyAdd(v, v128.load(row, 16), s1);
    list += 2 * INDEX;
  }
  putTwo(c, s0, s1, left);
}
