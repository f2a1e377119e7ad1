// Products over a list of columns of the left operand, each with a row of the right one; kept-lines.ts makes the lists.
//
// Notation   An index of LIST is two words: where it begins in the left operand, and in the right one, both in bytes.
//
// `indexTile` repeats `tile` of ../products.ts with addresses that it loads from the list: the dense product, which has steps,
// would load them in vain, and sums stay in registers only as variables of one function.
import { begin, floats, multiplyAdd, putTwo } from '../lanes';
import { INDEX, multiplyList, widthOf } from './kept-elements';

/** Indices of a list: as many rows of both sides as the first cache holds. */
export const LISTED = 128;
export const LIST = memory.data(LISTED * INDEX, 16);
/** The list of a last row without a pair, whose first words are its elements. */
const LAST = memory.data(LISTED * INDEX, 16);

/** The tiles of ../products.ts over the first `count` indices of the list. */
export function multiplyIndices(
  c: usize,
  cDown: usize,
  a: usize,
  aDown: usize,
  b: usize,
  start: usize,
  startDown: usize,
  count: i32,
  rows: i32,
  columns: i32,
): void {
  const pairs = rows & ~1;
  const startStep = start ? 2 * startDown : 0;
  for (let j = 0; j < columns; j += 16) {
    const at = floats(j);
    let startAt = start ? start + at : 0;
    for (let i = 0; i < pairs; i += 2) {
      indexTile(c + <usize>i * cDown + at, cDown, columns - j, a + <usize>i * aDown, aDown, count, b + at, startAt, startDown);
      startAt += startStep;
    }
  }
  if (pairs == rows) return;
  const last = a + <usize>pairs * aDown;
  for (let k: usize = 0; k < <usize>count * INDEX; k += INDEX) {
    store<u32>(LAST + k, load<u32>(last + load<u32>(LIST + k)));
    store<u32>(LAST + k, load<u32>(LIST + k, 4), 4);
  }
  for (let j = 0; j < columns; j += widthOf(columns - j)) {
    const at = floats(j);
    const startAt = start ? start + <usize>pairs * startDown + at : 0;
    multiplyList(c + <usize>pairs * cDown + at, columns - j, LAST, count, b + at, startAt);
  }
}

/** Two rows by sixteen columns, of which `left` exist. */
function indexTile(
  c: usize,
  cDown: usize,
  left: i32,
  a: usize,
  aDown: usize,
  count: i32,
  b: usize,
  start: usize,
  startDown: usize,
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
  const a1 = a + aDown;
  let list: usize = LIST;
  for (let k = count; k > 0; k -= 2) {
    let at = <usize>load<u32>(list);
    let row = b + load<u32>(list, 4);
    let v0 = v128.load32_splat(a + at);
    let v1 = v128.load32_splat(a1 + at);
    let w = v128.load(row);
    s00 = multiplyAdd(v0, w, s00);
    s10 = multiplyAdd(v1, w, s10);
    w = v128.load(row, 16);
    s01 = multiplyAdd(v0, w, s01);
    s11 = multiplyAdd(v1, w, s11);
    w = v128.load(row, 32);
    s02 = multiplyAdd(v0, w, s02);
    s12 = multiplyAdd(v1, w, s12);
    w = v128.load(row, 48);
    s03 = multiplyAdd(v0, w, s03);
    s13 = multiplyAdd(v1, w, s13);
    if (k == 1) break;
    at = load<u32>(list, 8);
    row = b + load<u32>(list, 12);
    v0 = v128.load32_splat(a + at);
    v1 = v128.load32_splat(a1 + at);
    w = v128.load(row);
    s00 = multiplyAdd(v0, w, s00);
    s10 = multiplyAdd(v1, w, s10);
    w = v128.load(row, 16);
    s01 = multiplyAdd(v0, w, s01);
    s11 = multiplyAdd(v1, w, s11);
    w = v128.load(row, 32);
    s02 = multiplyAdd(v0, w, s02);
    s12 = multiplyAdd(v1, w, s12);
    w = v128.load(row, 48);
    s03 = multiplyAdd(v0, w, s03);
    s13 = multiplyAdd(v1, w, s13);
    list += 2 * INDEX;
  }
  putTwo(c, s00, s01, left);
  putTwo(c + 32, s02, s03, left - 8);
  putTwo(c + cDown, s10, s11, left);
  putTwo(c + cDown + 32, s12, s13, left - 8);
}
