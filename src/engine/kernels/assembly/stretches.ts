// The nearest of many stretches of the same cells, the twin of plain/stretches.ts. Exact, though most stretches are compared
// in 16-bit integers alone: a stretch whose rounded distance exceeds the least one found by more than rounding can explain is
// not the nearest. A look every few cells leaves four stretches that are all too far by then.
//
// Notation   r the resolution, q(v) = v / r rounded; n cells of a stretch; x sought, w a stretch, l its levels
//            |x - (w - l)| >= r |q(x) - (q(w) - q(l))| - e, e = MARGIN r sqrt(n): each q is off by half at most
import { floats, keep, multiplyAdd, sum } from './lanes';

/** Where everything lies, as wasm-stretches.ts writes it: change both together. */
@unmanaged
export class Stretches {
  /** r; every cell and every level is at most FARTHEST of it. */
  resolution: f64;
  inputs: i32;
  count: i32;
  /** C; a stretch is compared without its levels. 0 = as it is. */
  width: i32;
  /** f32 and i16 of all cells. */
  cells: usize;
  coarseCells: usize;
  /** (n,) what is sought; its rounded values are only kept during a search. */
  x: usize;
  coarseX: usize;
  /** (count,) i32: first cell of each. */
  starts: usize;
  /** (count, C + 7) f32 and i16: the first ones again behind the others, so that a register can start anywhere. */
  levels: usize;
  coarseLevels: usize;
  /** Found by the last search, -1 before. */
  last: i32;
}

const FARTHEST: f32 = 1000.0;
/** Levels that are there twice; C may be less. */
const REPEATED: i32 = 7;
/** In r, for a cell of which three numbers were rounded by half, and more than rounding of single precision adds. */
const MARGIN: f64 = 1.6;
/** Cells between two looks at the sums of four stretches; a multiple of 8. */
const LOOK: i32 = 64;

/** Rounds `count` values at `from` to i16 at `to`, which has room for a whole register more. */
export function coarsen(to: usize, from: usize, count: i32, resolution: f64, most: f32): void {
  const factor = f32x4.splat(<f32>(1.0 / resolution));
  for (let j = 0; j < count; j += 8) {
    const low = coarse(from + floats(j), factor, most);
    const high = coarse(from + floats(j) + 16, factor, most);
    v128.store(to + (<usize>j << 1), i16x8.narrow_i32x4_s(low, high));
  }
}

@inline
function coarse(at: usize, factor: v128, most: f32): v128 {
  const scaled = f32x4.nearest(f32x4.mul(v128.load(at), factor));
  const bounded = f32x4.min(f32x4.max(scaled, f32x4.splat(-most)), f32x4.splat(most));
  return i32x4.trunc_sat_f32x4_s(bounded);
}

const MASKS = memory.data<i16>([-1, -1, -1, -1, -1, -1, -1, -1, 0, 0, 0, 0, 0, 0, 0, 0]);

/** The number of the nearest stretch, of equal ones the first; -1 where x has no distance. */
export function nearestStretch(s: Stretches): i32 {
  const shaped = s.width > 0;
  // A shape is the difference of two rounded numbers.
  coarsen(s.coarseX, s.x, s.inputs, s.resolution, shaped ? 2 * FARTHEST : FARTHEST);
  s.last = shaped ? searched(s, true) : searched(s, false);
  return s.last;
}

@inline
function searched(s: Stretches, shaped: bool): i32 {
  let nearest = -1;
  let least = <f32>Infinity;
  // The nearest of the last search is often near again. It only bounds: it is found, or an equal one before it.
  let limit = s.last < 0 ? i32.MAX_VALUE : limitOf(s, distance(s, s.last, shaped));
  const end = s.count - 1;
  for (let i = 0; i < s.count; i += 4) {
    // Behind the last stretch, it stands in for those that are missing.
    const sums = fourSums(s, i, min(i + 1, end), min(i + 2, end), min(i + 3, end), limit, shaped);
    let near = i32x4.bitmask(i32x4.le_s(sums, i32x4.splat(limit)));
    for (let k = i; near && k <= end; k++, near >>= 1) {
      if (!(near & 1)) continue;
      const d = distance(s, k, shaped);
      if (d < least) {
        least = d;
        nearest = k;
        limit = min(limit, limitOf(s, d));
      }
    }
  }
  return nearest;
}

/** Greatest sum of rounded squares of a stretch that may be as near as a squared distance. */
function limitOf(s: Stretches, squared: f32): i32 {
  const root = sqrt(<f64>squared) / s.resolution + MARGIN * sqrt(<f64>s.inputs);
  // Also where x has no distance.
  if (!(root * root < <f64>i32.MAX_VALUE)) return i32.MAX_VALUE;
  return <i32>(root * root);
}

@inline
function distance(s: Stretches, i: i32, shaped: bool): f32 {
  const n = s.inputs;
  const width = s.width;
  const cells = s.cells + floats(load<i32>(s.starts + floats(i)));
  const levels = s.levels + floats(i * (width + REPEATED));
  const step = shaped ? 4 % width : 0;
  let channel = 0;
  let total = f32x4.splat(0.0);
  for (let j = 0; j < n; j += 4) {
    let v = v128.load(cells + floats(j));
    if (shaped) {
      v = f32x4.sub(v, v128.load(levels + floats(channel)));
      channel += step;
      if (channel >= width) channel -= width;
    }
    v = keep(f32x4.sub(v, v128.load(s.x + floats(j))), n - j);
    total = multiplyAdd(v, v, total);
  }
  return sum(total);
}

/**
 * The sums of rounded squares of four stretches; where all of them are above the limit, parts of them. A sum that overflows
 * belongs to a stretch that is too far: it may look near, and is then compared exactly.
 */
@inline
function fourSums(s: Stretches, i0: i32, i1: i32, i2: i32, i3: i32, limit: i32, shaped: bool): v128 {
  const n = s.inputs;
  const width = s.width;
  const x = s.coarseX;
  const cells0 = coarseAt(s, i0);
  const cells1 = coarseAt(s, i1);
  const cells2 = coarseAt(s, i2);
  const cells3 = coarseAt(s, i3);
  const level0 = levelAt(s, i0);
  const level1 = levelAt(s, i1);
  const level2 = levelAt(s, i2);
  const level3 = levelAt(s, i3);
  const step = shaped ? 8 % width : 0;
  const most = i32x4.splat(limit);
  let channel = 0;
  let s0 = i32x4.splat(0);
  let s1 = s0;
  let s2 = s0;
  let s3 = s0;
  let all = s0;
  let j = 0;
  while (j < n) {
    const look = min(n, j + LOOK);
    for (; j < look; j += 8) {
      const at = <usize>j << 1;
      let d0 = v128.load(cells0 + at);
      let d1 = v128.load(cells1 + at);
      let d2 = v128.load(cells2 + at);
      let d3 = v128.load(cells3 + at);
      if (shaped) {
        const c = <usize>channel << 1;
        d0 = i16x8.sub(d0, v128.load(level0 + c));
        d1 = i16x8.sub(d1, v128.load(level1 + c));
        d2 = i16x8.sub(d2, v128.load(level2 + c));
        d3 = i16x8.sub(d3, v128.load(level3 + c));
        channel += step;
        if (channel >= width) channel -= width;
      }
      const v = v128.load(x + at);
      const left = n - j;
      d0 = keep16(i16x8.sub(d0, v), left);
      d1 = keep16(i16x8.sub(d1, v), left);
      d2 = keep16(i16x8.sub(d2, v), left);
      d3 = keep16(i16x8.sub(d3, v), left);
      s0 = i32x4.add(s0, i32x4.dot_i16x8_s(d0, d0));
      s1 = i32x4.add(s1, i32x4.dot_i16x8_s(d1, d1));
      s2 = i32x4.add(s2, i32x4.dot_i16x8_s(d2, d2));
      s3 = i32x4.add(s3, i32x4.dot_i16x8_s(d3, d3));
    }
    all = across(s0, s1, s2, s3);
    if (i32x4.all_true(i32x4.gt_s(all, most))) return all;
  }
  return all;
}

@inline
function coarseAt(s: Stretches, i: i32): usize {
  return s.coarseCells + (<usize>load<i32>(s.starts + floats(i)) << 1);
}

@inline
function levelAt(s: Stretches, i: i32): usize {
  return s.coarseLevels + (<usize>(i * (s.width + REPEATED)) << 1);
}

/** v with zeros behind its first `left` lanes. */
@inline
function keep16(v: v128, left: i32): v128 {
  return left >= 8 ? v : v128.and(v, v128.load(MASKS + ((8 - left) << 1)));
}

/** The sum of the lanes of each. */
@inline
function across(s0: v128, s1: v128, s2: v128, s3: v128): v128 {
  const low = i32x4.add(i32x4.shuffle(s0, s1, 0, 4, 1, 5), i32x4.shuffle(s0, s1, 2, 6, 3, 7));
  const high = i32x4.add(i32x4.shuffle(s2, s3, 0, 4, 1, 5), i32x4.shuffle(s2, s3, 2, 6, 3, 7));
  return i32x4.add(i64x2.shuffle(low, high, 0, 2), i64x2.shuffle(low, high, 1, 3));
}
