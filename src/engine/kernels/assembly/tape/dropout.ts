// Dropout for tapes; engine/tape/kernels/elements.ts says what it does. Words are those of engine/random.ts, four at
// a time.
import { floats, put } from '../lanes';

const STEP32 = 0x9e3779b9;

export function dropElements(to: i32, from: i32, factor: f32, threshold: i32, key: i32, count: i32): void {
  const whole = count & ~3;
  let words = firstWords(key);
  for (let i = 0; i < whole; i += 4) {
    v128.store(floats(to + i), f32x4.mul(v128.load(floats(from + i)), factors(words, factor, threshold)));
    words = nextWords(words);
  }
  if (whole < count) {
    const kept = f32x4.mul(v128.load(floats(from + whole)), factors(words, factor, threshold));
    put(floats(to + whole), kept, count - whole);
  }
}

export function dropElementsBack(to: i32, gradient: i32, factor: f32, threshold: i32, key: i32, count: i32): void {
  const whole = count & ~3;
  let words = firstWords(key);
  for (let i = 0; i < whole; i += 4) {
    addFour(to + i, gradient + i, factors(words, factor, threshold), 4);
    words = nextWords(words);
  }
  if (whole < count) addFour(to + whole, gradient + whole, factors(words, factor, threshold), count - whole);
}

@inline
function addFour(to: i32, gradient: i32, factor: v128, left: i32): void {
  const passed = f32x4.mul(v128.load(floats(gradient)), factor);
  put(floats(to), f32x4.add(v128.load(floats(to)), passed), left);
}

@inline
function firstWords(key: i32): v128 {
  return i32x4.add(i32x4.splat(key), i32x4.mul(i32x4(0, 1, 2, 3), i32x4.splat(STEP32)));
}

@inline
function nextWords(words: v128): v128 {
  return i32x4.add(words, i32x4.splat(4 * STEP32));
}

/** 0 for those whose draw lies below the threshold. */
@inline
function factors(words: v128, factor: f32, threshold: i32): v128 {
  return v128.and(f32x4.splat(factor), i32x4.ge_u(mix32(words), i32x4.splat(threshold)));
}

@inline
function mix32(words: v128): v128 {
  let z = v128.xor(words, i32x4.shr_u(words, 16));
  z = i32x4.mul(z, i32x4.splat(0x85ebca6b));
  z = v128.xor(z, i32x4.shr_u(z, 13));
  z = i32x4.mul(z, i32x4.splat(0xc2b2ae35));
  return v128.xor(z, i32x4.shr_u(z, 16));
}
