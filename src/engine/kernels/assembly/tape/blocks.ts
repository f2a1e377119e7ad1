// Moves blocks of columns for tapes; engine/tape/kernels/elements.ts says what they do.
import { floats, put } from '../lanes';

export function copyBlock(to: i32, toDown: i32, from: i32, fromDown: i32, rows: i32, columns: i32): void {
  let target = floats(to);
  let source = floats(from);
  const whole = floats(columns & ~3);
  const left = columns & 3;
  for (let i = 0; i < rows; i++) {
    for (let at: usize = 0; at < whole; at += 16) v128.store(target + at, v128.load(source + at));
    if (left) put(target + whole, v128.load(source + whole), left);
    target += floats(toDown);
    source += floats(fromDown);
  }
}

export function addBlock(to: i32, toDown: i32, from: i32, fromDown: i32, rows: i32, columns: i32): void {
  let target = floats(to);
  let source = floats(from);
  const whole = floats(columns & ~3);
  const left = columns & 3;
  for (let i = 0; i < rows; i++) {
    for (let at: usize = 0; at < whole; at += 16) addFour(target + at, source + at, 4);
    if (left) addFour(target + whole, source + whole, left);
    target += floats(toDown);
    source += floats(fromDown);
  }
}

@inline
function addFour(to: usize, from: usize, left: i32): void {
  put(to, f32x4.add(v128.load(to), v128.load(from)), left);
}
