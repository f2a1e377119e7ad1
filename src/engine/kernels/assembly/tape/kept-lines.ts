// Matrix products that leave out whole columns or rows in which all is small; engine/tape/kernels/kept-products.ts says what
// they do, kept-elements.ts how a list is made.
//
// Notation   An index of LIST is two words: where it begins in the left operand, and in the right one, both in bytes.
//            `list` is what thinRows writes: numbers of rows.
//
// `indexTile` repeats `tile` of ../products.ts with addresses that it loads from the list: the dense product, which has steps,
// would load them in vain, and sums stay in registers only as variables of one function.
import { begin, floats, multiplyAdd, putTwo } from '../lanes';
import { tile } from '../products';
import { multiplyRow } from '../row-products';
import { INDEX, multiplyList, widthOf } from './kept-elements';
import { MAGNITUDE } from './kept-values';

/** Indices of a list: as many rows of both sides as the first cache holds. */
const LISTED = 128;
/** Columns that are judged together. */
const CHUNK = 16;
const LIST = memory.data(LISTED * INDEX, 16);
/** The list of a last row without a pair, whose first words are its elements. */
const LAST = memory.data(LISTED * INDEX, 16);

export function multiplyKeptColumns(
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
  const least = reinterpret<i32>(threshold);
  const left = floats(a);
  const right = floats(b);
  let from = floats(start);
  let down = floats(startDown);
  let kept = 0;
  let row: usize = 0;
  let k = 0;
  do {
    let at: usize = LIST;
    while (k < inner && at <= LIST + (LISTED - CHUNK) * INDEX) {
      const bits = keptOfColumns(left + floats(k), floats(aDown), rows, least);
      const end = min(inner - k, CHUNK);
      for (let i = 0; i < end; i++) {
        store<u32>(at, <u32>floats(k));
        store<u32>(at, <u32>row, 4);
        at += <usize>((bits >> i) & 1) << 3;
        row += floats(bDown);
        k++;
      }
    }
    const count = <i32>((at - LIST) >> 3);
    multiplyIndices(floats(c), floats(cDown), left, floats(aDown), right, from, down, count, rows, columns);
    from = floats(c);
    down = floats(cDown);
    kept += count;
  } while (k < inner);
  return kept;
}

/** A bit for each of 16 columns: whether one of its elements is above `least`. Those behind the last mean nothing. */
function keptOfColumns(a: usize, down: usize, rows: i32, least: i32): i32 {
  const magnitude = i32x4.splat(MAGNITUDE);
  let m0 = i32x4.splat(0);
  let m1 = m0;
  let m2 = m0;
  let m3 = m0;
  for (let i = 0; i < rows; i++) {
    m0 = i32x4.max_s(m0, v128.and(v128.load(a), magnitude));
    m1 = i32x4.max_s(m1, v128.and(v128.load(a, 16), magnitude));
    m2 = i32x4.max_s(m2, v128.and(v128.load(a, 32), magnitude));
    m3 = i32x4.max_s(m3, v128.and(v128.load(a, 48), magnitude));
    a += down;
  }
  const limit = i32x4.splat(least);
  const low = i32x4.bitmask(i32x4.gt_s(m0, limit)) | (i32x4.bitmask(i32x4.gt_s(m1, limit)) << 4);
  const high = i32x4.bitmask(i32x4.gt_s(m2, limit)) | (i32x4.bitmask(i32x4.gt_s(m3, limit)) << 4);
  return low | (high << 8);
}

export function multiplyKeptRows(
  c: i32,
  cDown: i32,
  a: i32,
  aDown: i32,
  aAcross: i32,
  b: i32,
  bDown: i32,
  rows: i32,
  columns: i32,
  _inner: i32,
  list: i32,
  kept: i32,
): void {
  const place = floats(c);
  for (let from = 0; from < kept; from += LISTED) {
    const count = min(kept - from, LISTED);
    indexRows(floats(list + from), count, 0, floats(aAcross), 0, floats(bDown));
    multiplyIndices(place, floats(cDown), floats(a), floats(aDown), floats(b), place, floats(cDown), count, rows, columns);
  }
}

/** Of each row that is listed: where it begins on both sides, whose rows are so far apart. */
@inline
function indexRows(list: usize, count: i32, left: usize, leftDown: usize, right: usize, rightDown: usize): void {
  for (let at: usize = 0; at < floats(count); at += 4) {
    const row = <usize>load<f32>(list + at);
    store<u32>(LIST + 2 * at, <u32>(left + row * leftDown));
    store<u32>(LIST + 2 * at, <u32>(right + row * rightDown), 4);
  }
}

/** The tiles of ../products.ts over the first `count` indices of the list. */
function multiplyIndices(
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

export function addToKeptRows(
  c: i32,
  cDown: i32,
  a: i32,
  aDown: i32,
  b: i32,
  bDown: i32,
  _rows: i32,
  columns: i32,
  inner: i32,
  list: i32,
  kept: i32,
): void {
  for (let from = 0; from < kept; from += LISTED) {
    const count = min(kept - from, LISTED);
    indexRows(floats(list + from), count, floats(a), floats(aDown), floats(c), floats(cDown));
    addToListedRows(count, floats(b), floats(bDown), columns, inner);
  }
}

/** Rows of the list by pairs; an index is the addresses of a row of a, and of c. */
function addToListedRows(count: i32, b: usize, bDown: usize, columns: i32, inner: i32): void {
  const pairs = LIST + <usize>(count & ~1) * INDEX;
  for (let j = 0; j < columns; j += 16) {
    const at = floats(j);
    for (let list: usize = LIST; list < pairs; list += 2 * INDEX) {
      const a = <usize>load<u32>(list);
      const c = <usize>load<u32>(list, 4);
      const cDown = load<u32>(list, 12) - c;
      tile(c + at, cDown, columns - j, a, load<u32>(list, 8) - a, 4, b + at, bDown, c + at, cDown, inner);
    }
  }
  if (count & 1) {
    const c = <usize>load<u32>(pairs, 4);
    multiplyRow(c, load<u32>(pairs), 4, b, bDown, c, columns, inner);
  }
}

/** Sixteen columns at a time, as addRows. */
export function addKeptRows(to: i32, from: i32, fromDown: i32, _rows: i32, columns: i32, list: i32, kept: i32): void {
  const down = floats(fromDown);
  for (let j = 0; j < columns; j += 16) {
    const place = floats(to + j);
    let s0 = v128.load(place);
    let s1 = v128.load(place, 16);
    let s2 = v128.load(place, 32);
    let s3 = v128.load(place, 48);
    for (let next = floats(list); next < floats(list + kept); next += 4) {
      const at = floats(from + j) + <usize>load<f32>(next) * down;
      s0 = f32x4.add(s0, v128.load(at));
      s1 = f32x4.add(s1, v128.load(at, 16));
      s2 = f32x4.add(s2, v128.load(at, 32));
      s3 = f32x4.add(s3, v128.load(at, 48));
    }
    putTwo(place, s0, s1, columns - j);
    putTwo(place + 32, s2, s3, columns - j - 8);
  }
}
