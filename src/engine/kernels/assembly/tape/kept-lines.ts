// Matrix products that leave out whole columns or rows in which all is small; engine/tape/kernels/kept-products.ts says what
// they do, kept-elements.ts how a list of elements is made, kept-tiles.ts what an index is.
//
// Notation   `list` is what thinRows writes: numbers of rows.
import { floats, putTwo } from '../lanes';
import { tile } from '../products';
import { multiplyRow } from '../row-products';
import { INDEX } from './kept-elements';
import { LIST, LISTED, multiplyIndices } from './kept-tiles';
import { MAGNITUDE } from './kept-values';

/** Columns that are judged together. */
const CHUNK = 16;

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

/** `_inner` is for the counter of multiplications alone. */
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

/** `_rows` is for the counter of multiplications alone. */
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
export function addKeptRows(to: i32, from: i32, fromDown: i32, columns: i32, list: i32, kept: i32): void {
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
