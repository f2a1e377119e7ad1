// Pooling of neighbouring rows for tapes; engine/tape/kernels/windows.ts says what it does.
import { floats, put } from '../lanes';

export function meanRows(
  to: i32,
  from: i32,
  windows: i32,
  rows: i32,
  columns: i32,
  size: i32,
  stride: i32,
): void {
  const pools = (rows - size) / stride + 1;
  const across = floats(columns);
  const count = f32x4.splat(<f32>size);
  for (let w = 0; w < windows; w++) {
    for (let i = 0; i < pools; i++) {
      const first = floats((w * rows + i * stride) * columns + from);
      const target = floats((w * pools + i) * columns + to);
      for (let j = 0; j < columns; j += 4) {
        let at = first + floats(j);
        let total = v128.load(at);
        for (let t = 1; t < size; t++) {
          at += across;
          total = f32x4.add(total, v128.load(at));
        }
        put(target + floats(j), f32x4.div(total, count), columns - j);
      }
    }
  }
}

export function meanRowsBack(
  to: i32,
  gradient: i32,
  windows: i32,
  rows: i32,
  columns: i32,
  size: i32,
  stride: i32,
): void {
  const pools = (rows - size) / stride + 1;
  const across = floats(columns);
  const count = f32x4.splat(<f32>size);
  for (let w = 0; w < windows; w++) {
    for (let i = 0; i < pools; i++) {
      const first = floats((w * rows + i * stride) * columns + to);
      const source = floats((w * pools + i) * columns + gradient);
      for (let j = 0; j < columns; j += 4) {
        const share = f32x4.div(v128.load(source + floats(j)), count);
        let at = first + floats(j);
        for (let t = 0; t < size; t++) {
          put(at, f32x4.add(v128.load(at), share), columns - j);
          at += across;
        }
      }
    }
  }
}

export function maxRows(
  to: i32,
  from: i32,
  windows: i32,
  rows: i32,
  columns: i32,
  size: i32,
  stride: i32,
): void {
  const pools = (rows - size) / stride + 1;
  const across = floats(columns);
  for (let w = 0; w < windows; w++) {
    for (let i = 0; i < pools; i++) {
      const first = floats((w * rows + i * stride) * columns + from);
      const target = floats((w * pools + i) * columns + to);
      for (let j = 0; j < columns; j += 4) {
        let at = first + floats(j);
        let most = v128.load(at);
        for (let t = 1; t < size; t++) {
          at += across;
          most = f32x4.max(most, v128.load(at));
        }
        put(target + floats(j), most, columns - j);
      }
    }
  }
}

export function maxRowsBack(
  to: i32,
  gradient: i32,
  from: i32,
  maxima: i32,
  windows: i32,
  rows: i32,
  columns: i32,
  size: i32,
  stride: i32,
): void {
  const pools = (rows - size) / stride + 1;
  const across = floats(columns);
  for (let w = 0; w < windows; w++) {
    for (let i = 0; i < pools; i++) {
      const first = floats((w * rows + i * stride) * columns);
      const pool = floats((w * pools + i) * columns);
      for (let j = 0; j < columns; j += 4) {
        const most = v128.load(floats(maxima + j) + pool);
        // What is handed on is taken out, so that only the first of equal elements gets it.
        let left = v128.load(floats(gradient + j) + pool);
        let at = first + floats(j);
        for (let t = 0; t < size; t++) {
          const hit = f32x4.eq(v128.load(floats(from) + at), most);
          const place = floats(to) + at;
          put(place, f32x4.add(v128.load(place), v128.and(left, hit)), columns - j);
          left = v128.andnot(left, hit);
          at += across;
        }
      }
    }
  }
}
