// Matrix products for tapes; engine/tape/kernels.ts says what they do. Addresses and steps come in elements.
import { multiplyStrided } from '../products';
import { floats, put } from '../lanes';
import { transposeStrided } from '../transpose';

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
  multiplyStrided(
    floats(c),
    floats(cDown),
    floats(a),
    floats(aDown),
    floats(aAcross),
    floats(b),
    floats(bDown),
    floats(start),
    floats(startDown),
    rows,
    columns,
    inner,
  );
}

export function transpose(to: i32, from: i32, fromDown: i32, rows: i32, columns: i32): void {
  transposeStrided(floats(to), floats(from), floats(fromDown), rows, columns);
}

export function addRows(to: i32, from: i32, fromDown: i32, rows: i32, columns: i32): void {
  const down = floats(fromDown);
  for (let j = 0; j < columns; j += 4) {
    let total = v128.load(floats(to + j));
    let at = floats(from + j);
    for (let i = 0; i < rows; i++) {
      total = f32x4.add(total, v128.load(at));
      at += down;
    }
    put(floats(to + j), total, columns - j);
  }
}
