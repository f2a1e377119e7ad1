// Matrix products of the plain engine, row-major. Index arithmetic and `as number` on purpose: these are the inner
// loops. Eight sums run side by side, which hides the latency of an addition (fewer are slower, more spill).
//
// Notation   a (M, K), b (N, K) or (K, N), c (M, N); `xAt` is where x begins in its array.

/** y[m] = sum_k a[m][k] x[k] */
export function timesVector(
  y: Float64Array,
  a: Float64Array,
  rows: number,
  columns: number,
  x: Float64Array,
  xAt: number,
): void {
  let m = 0;
  for (; m + 8 <= rows; m += 8) eightRows(y, m, a, m * columns, columns, x, xAt);
  for (; m < rows; m++) y[m] = dot(a, m * columns, x, xAt, columns);
}

function eightRows(
  y: Float64Array,
  yAt: number,
  a: Float64Array,
  row0: number,
  columns: number,
  x: Float64Array,
  xAt: number,
): void {
  const row1 = row0 + columns;
  const row2 = row1 + columns;
  const row3 = row2 + columns;
  const row4 = row3 + columns;
  const row5 = row4 + columns;
  const row6 = row5 + columns;
  const row7 = row6 + columns;
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  let s4 = 0;
  let s5 = 0;
  let s6 = 0;
  let s7 = 0;
  for (let k = 0; k < columns; k++) {
    const v = x[xAt + k] as number;
    s0 += (a[row0 + k] as number) * v;
    s1 += (a[row1 + k] as number) * v;
    s2 += (a[row2 + k] as number) * v;
    s3 += (a[row3 + k] as number) * v;
    s4 += (a[row4 + k] as number) * v;
    s5 += (a[row5 + k] as number) * v;
    s6 += (a[row6 + k] as number) * v;
    s7 += (a[row7 + k] as number) * v;
  }
  y[yAt] = s0;
  y[yAt + 1] = s1;
  y[yAt + 2] = s2;
  y[yAt + 3] = s3;
  y[yAt + 4] = s4;
  y[yAt + 5] = s5;
  y[yAt + 6] = s6;
  y[yAt + 7] = s7;
}

/** y[k] = sum_m x[m] a[m][k] */
export function vectorTimes(
  y: Float64Array,
  x: Float64Array,
  a: Float64Array,
  rows: number,
  columns: number,
): void {
  let k = 0;
  for (; k + 8 <= columns; k += 8) eightColumns(y, k, x, a, rows, columns);
  for (; k < columns; k++) {
    let sum = 0;
    for (let m = 0; m < rows; m++) sum += (x[m] as number) * (a[m * columns + k] as number);
    y[k] = sum;
  }
}

function eightColumns(
  y: Float64Array,
  column: number,
  x: Float64Array,
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
  for (let m = 0, at = column; m < rows; m++, at += columns) {
    const v = x[m] as number;
    s0 += (a[at] as number) * v;
    s1 += (a[at + 1] as number) * v;
    s2 += (a[at + 2] as number) * v;
    s3 += (a[at + 3] as number) * v;
    s4 += (a[at + 4] as number) * v;
    s5 += (a[at + 5] as number) * v;
    s6 += (a[at + 6] as number) * v;
    s7 += (a[at + 7] as number) * v;
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
