// Vector products of the plain engine, row-major. Hot: index arithmetic and `as number`, since these are the inner loops.
// Eight sums run side by side, which hides the latency of an addition (fewer are slower, more spill), and `| 0` spares V8
// a test for overflow per element (8 % of a whole ascent).
//
// Notation   a (M, K), x (M,) beginning at `xAt` of its array, y (K,)

/** y[k] = sum_m x[m] a[m][k] */
export function vectorTimes(
  y: Float64Array,
  x: Float64Array,
  xAt: number,
  a: Float64Array,
  rows: number,
  columns: number,
): void {
  let k = 0;
  for (; k + 8 <= columns; k += 8) eightColumns(y, k, x, xAt, a, rows, columns);
  for (; k < columns; k++) {
    let sum = 0;
    for (let m = 0; m < rows; m++) sum += (x[xAt + m] as number) * (a[m * columns + k] as number);
    y[k] = sum;
  }
}

function eightColumns(
  y: Float64Array,
  column: number,
  x: Float64Array,
  xAt: number,
  a: Float64Array,
  rows: number,
  columns: number,
): void {
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  let s4 = 0;
  let s5 = 0;
  let s6 = 0;
  let s7 = 0;
  let at = column | 0;
  const end = (xAt + rows) | 0;
  for (let m = xAt | 0; m < end; m = (m + 1) | 0) {
    const v = x[m] as number;
    s0 += (a[at] as number) * v;
    s1 += (a[(at + 1) | 0] as number) * v;
    s2 += (a[(at + 2) | 0] as number) * v;
    s3 += (a[(at + 3) | 0] as number) * v;
    s4 += (a[(at + 4) | 0] as number) * v;
    s5 += (a[(at + 5) | 0] as number) * v;
    s6 += (a[(at + 6) | 0] as number) * v;
    s7 += (a[(at + 7) | 0] as number) * v;
    at = (at + columns) | 0;
  }
  y[column] = s0;
  y[column + 1] = s1;
  y[column + 2] = s2;
  y[column + 3] = s3;
  y[column + 4] = s4;
  y[column + 5] = s5;
  y[column + 6] = s6;
  y[column + 7] = s7;
}

export function dot(
  a: Float64Array,
  aAt: number,
  b: Float64Array,
  bAt: number,
  length: number,
): number {
  let sum = 0;
  for (let k = 0; k < length; k++) sum += (a[aAt + k] as number) * (b[bAt + k] as number);
  return sum;
}

/** to (columns, rows) = from (rows, columns) transposed. */
export function transpose(
  to: Float64Array,
  from: Float64Array,
  rows: number,
  columns: number,
): void {
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) to[j * rows + i] = from[i * columns + j] as number;
  }
}
