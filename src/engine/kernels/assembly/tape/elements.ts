// Sums and products element by element for tapes; engine/tape/kernels/elements.ts says what they do.
import { floats, multiplyAdd, put, putTwo } from '../lanes';
import { scale, scaleAdd } from '../rows';

const ADD = 0;
const MULTIPLY = 1;
const ADD_PRODUCT = 2;

export function addElements(to: i32, a: i32, b: i32, rows: i32, columns: i32): void {
  combineRows(ADD, floats(to), floats(a), floats(b), rows, columns);
}

export function multiplyElements(to: i32, a: i32, b: i32, rows: i32, columns: i32): void {
  combineRows(MULTIPLY, floats(to), floats(a), floats(b), rows, columns);
}

export function addProducts(to: i32, a: i32, b: i32, rows: i32, columns: i32): void {
  combineRows(ADD_PRODUCT, floats(to), floats(a), floats(b), rows, columns);
}

/** `operation` is a constant, of which nothing is left in the loops. */
@inline
function combineRows(operation: i32, to: usize, a: usize, b: usize, rows: i32, columns: i32): void {
  const whole = floats(columns & ~3);
  const left = columns & 3;
  for (let i = 0; i < rows; i++) {
    for (let at: usize = 0; at < whole; at += 16) combineFour(operation, to + at, a + at, b + at, 4);
    if (left) combineFour(operation, to + whole, a + whole, b + whole, left);
    to += floats(columns);
    a += floats(columns);
  }
}

@inline
function combineFour(operation: i32, to: usize, a: usize, b: usize, left: i32): void {
  if (operation == ADD) put(to, f32x4.add(v128.load(a), v128.load(b)), left);
  else if (operation == MULTIPLY) put(to, f32x4.mul(v128.load(a), v128.load(b)), left);
  else put(to, multiplyAdd(v128.load(a), v128.load(b), v128.load(to)), left);
}

export function addRowProducts(to: i32, a: i32, b: i32, rows: i32, columns: i32): void {
  for (let j = 0; j < columns; j += 8) {
    let s0 = v128.load(floats(to + j));
    let s1 = v128.load(floats(to + j), 16);
    let left = floats(a + j);
    let right = floats(b + j);
    for (let i = 0; i < rows; i++) {
      s0 = multiplyAdd(v128.load(left), v128.load(right), s0);
      s1 = multiplyAdd(v128.load(left, 16), v128.load(right, 16), s1);
      left += floats(columns);
      right += floats(columns);
    }
    putTwo(floats(to + j), s0, s1, columns - j);
  }
}

export function scaleElements(to: i32, factor: f32, from: i32, count: i32): void {
  scale(floats(to), factor, floats(from), count);
}

export function addScaled(to: i32, factor: f32, from: i32, count: i32): void {
  scaleAdd(floats(to), factor, floats(from), floats(to), count);
}
