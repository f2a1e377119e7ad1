// Convolutions along the rows of windows that keep channels apart; engine/tape/kernels/windows.ts says what they do.
import { floats, multiplyAdd, put } from '../lanes';
import { dot } from '../rows';

export function convolveRows(
  to: i32,
  from: i32,
  weights: i32,
  weightsDown: i32,
  windows: i32,
  rows: i32,
  columns: i32,
  size: i32,
  dilation: i32,
  before: i32,
): void {
  for (let row = 0; row < windows * rows; row++) {
    const i = row % rows;
    const first = firstTap(i, dilation, before);
    const end = endTap(i, rows, size, dilation, before);
    const source = row + first * dilation - before;
    for (let j = 0; j < columns; j += 4) {
      const place = floats(to + row * columns + j);
      let total = v128.load(place);
      let at = floats(from + source * columns + j);
      let weight = floats(weights + first * weightsDown + j);
      for (let k = first; k < end; k++) {
        total = multiplyAdd(v128.load(weight), v128.load(at), total);
        at += floats(dilation * columns);
        weight += floats(weightsDown);
      }
      put(place, total, columns - j);
    }
  }
}

export function convolveWeights(
  to: i32,
  gradient: i32,
  from: i32,
  windows: i32,
  rows: i32,
  columns: i32,
  size: i32,
  dilation: i32,
  before: i32,
): void {
  for (let row = 0; row < windows * rows; row++) {
    const i = row % rows;
    const end = endTap(i, rows, size, dilation, before);
    const g = floats(gradient + row * columns);
    for (let k = firstTap(i, dilation, before); k < end; k++) {
      const at = floats(from + (row + k * dilation - before) * columns);
      const place = floats(to + k * columns);
      for (let j = 0; j < columns; j += 4) {
        const byte = floats(j);
        const v = multiplyAdd(v128.load(g + byte), v128.load(at + byte), v128.load(place + byte));
        put(place + byte, v, columns - j);
      }
    }
  }
}

export function mixRows(
  to: i32,
  from: i32,
  weights: i32,
  windows: i32,
  rows: i32,
  heads: i32,
  width: i32,
  size: i32,
  before: i32,
): void {
  const columns = heads * width;
  for (let row = 0; row < windows * rows; row++) {
    const i = row % rows;
    const first = firstTap(i, 1, before);
    const end = endTap(i, rows, size, 1, before);
    for (let h = 0; h < heads; h++) {
      const source = (row + first - before) * columns + h * width;
      for (let j = 0; j < width; j += 4) {
        let total = f32x4.splat(0.0);
        let at = floats(from + source + j);
        for (let k = first; k < end; k++) {
          const weight = v128.load32_splat(floats(weights + (row * heads + h) * size + k));
          total = multiplyAdd(weight, v128.load(at), total);
          at += floats(columns);
        }
        put(floats(to + row * columns + h * width + j), total, width - j);
      }
    }
  }
}

export function mixRowsBack(
  to: i32,
  gradient: i32,
  weights: i32,
  windows: i32,
  rows: i32,
  heads: i32,
  width: i32,
  size: i32,
  before: i32,
): void {
  const columns = heads * width;
  for (let row = 0; row < windows * rows; row++) {
    const i = row % rows;
    const first = firstTap(i, 1, before);
    const end = endTap(i, rows, size, 1, before);
    for (let h = 0; h < heads; h++) {
      const source = (row + first - before) * columns + h * width;
      for (let j = 0; j < width; j += 4) {
        const g = v128.load(floats(gradient + row * columns + h * width + j));
        let at = floats(to + source + j);
        for (let k = first; k < end; k++) {
          const weight = v128.load32_splat(floats(weights + (row * heads + h) * size + k));
          put(at, multiplyAdd(weight, g, v128.load(at)), width - j);
          at += floats(columns);
        }
      }
    }
  }
}

export function mixWeights(
  to: i32,
  gradient: i32,
  from: i32,
  windows: i32,
  rows: i32,
  heads: i32,
  width: i32,
  size: i32,
  before: i32,
): void {
  const columns = heads * width;
  for (let row = 0; row < windows * rows; row++) {
    const i = row % rows;
    for (let h = 0; h < heads; h++) {
      const g = floats(gradient + row * columns + h * width);
      for (let k = 0; k < size; k++) {
        const seen = i + k - before;
        const isInside = seen >= 0 && seen < rows;
        const at = floats(from + (row + k - before) * columns + h * width);
        const place = floats(to + (row * heads + h) * size + k);
        store<f32>(place, isInside ? dot(g, at, width) : <f32>0.0);
      }
    }
  }
}

/** First tap of row i that falls on a row of the window. */
@inline
function firstTap(i: i32, dilation: i32, before: i32): i32 {
  return before > i ? (before - i + dilation - 1) / dilation : 0;
}

/** Behind the last. */
@inline
function endTap(i: i32, rows: i32, size: i32, dilation: i32, before: i32): i32 {
  return min(size, (rows - 1 - i + before) / dilation + 1);
}
