// Four floats at a time, and what to do when fewer are left. Rows are as long as their data, without padding: a
// load may run past the end of its row (the arena keeps room behind every array), a store never does.

/** a b + c; one rounding instead of two in the relaxed build, where the processor can. */
@inline
export function multiplyAdd(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(a, b, c);
  return f32x4.add(c, f32x4.mul(a, b));
}

/** The first `left` lanes go to memory, at most four. */
@inline
export function put(to: usize, v: v128, left: i32): void {
  if (left >= 4) v128.store(to, v);
  else putSome(to, v, left);
}

function putSome(to: usize, v: v128, left: i32): void {
  if (left >= 1) v128.store32_lane(to, v, 0);
  if (left >= 2) v128.store32_lane(to, v, 1, 4);
  if (left >= 3) v128.store32_lane(to, v, 2, 8);
}

/** v with zeros behind its first `left` lanes. */
@inline
export function keep(v: v128, left: i32): v128 {
  return left >= 4 ? v : v128.and(v, v128.load(MASKS + ((4 - left) << 2)));
}

const MASKS = memory.data<i32>([-1, -1, -1, -1, 0, 0, 0, 0]);

/** (v0 + v2) + (v1 + v3) */
@inline
export function sum(v: v128): f32 {
  const pairs = f32x4.add(v, i32x4.shuffle(v, v, 2, 3, 2, 3));
  return f32x4.extract_lane(pairs, 0) + f32x4.extract_lane(pairs, 1);
}

/** Bytes of `count` floats. */
@inline
export function floats(count: i32): usize {
  return <usize>count << 2;
}

/** Four floats at `start + at`, zeros where `start` is 0. */
@inline
export function begin(start: usize, at: usize): v128 {
  return start ? v128.load(start + at) : f32x4.splat(0.0);
}

/** The first `left` lanes of two registers, at most eight. */
@inline
export function putTwo(c: usize, s0: v128, s1: v128, left: i32): void {
  put(c, s0, left);
  put(c + 16, s1, left - 4);
}
