// Matrix products of whole minibatches, row-major, in tiles of 2 x 4 sums: an element loaded serves four or two
// products. Hot: index arithmetic, `as number` and `| 0`, as in products.ts.

/** Layout of a matrix in its array: element (i, j) is at `at + i * rowStep + j * columnStep`. */
export interface Layout {
  readonly data: Float64Array;
  readonly at: number;
  readonly rowStep: number;
  readonly columnStep: number;
}

export function rowMajor(data: Float64Array, columns: number, firstRow = 0): Layout {
  return { data, at: firstRow * columns, rowStep: columns, columnStep: 1 };
}

/** The same memory read with rows and columns exchanged. */
export function transposed(a: Layout): Layout {
  return { data: a.data, at: a.at, rowStep: a.columnStep, columnStep: a.rowStep };
}

/** c (M, N) = a (M, K) b (K, N), or c += a b when `add`. c may not overlap a or b. */
export function multiply(
  c: Layout,
  a: Layout,
  b: Layout,
  rows: number,
  columns: number,
  inner: number,
  add = false,
): void {
  if (!add) clear(c, rows, columns);
  const fullRows = rows - (rows % 2);
  const fullColumns = columns - (columns % 4);
  for (let i = 0; i < fullRows; i += 2) {
    for (let j = 0; j < fullColumns; j += 4) tile(c, a, b, i, j, inner);
    for (let j = fullColumns; j < columns; j++) {
      single(c, a, b, i, j, inner);
      single(c, a, b, i + 1, j, inner);
    }
  }
  if (fullRows < rows) {
    for (let j = 0; j < columns; j++) single(c, a, b, fullRows, j, inner);
  }
}

function clear(c: Layout, rows: number, columns: number): void {
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) c.data[c.at + i * c.rowStep + j * c.columnStep] = 0;
  }
}

function tile(c: Layout, a: Layout, b: Layout, i: number, j: number, inner: number): void {
  const { data: left, rowStep, columnStep } = a;
  const { data: right, rowStep: downStep, columnStep: acrossStep } = b;
  const acrossTwice = (2 * acrossStep) | 0;
  const acrossThrice = (3 * acrossStep) | 0;
  let leftAt = (a.at + i * rowStep) | 0;
  let rightAt = (b.at + j * acrossStep) | 0;
  let s00 = 0;
  let s01 = 0;
  let s02 = 0;
  let s03 = 0;
  let s10 = 0;
  let s11 = 0;
  let s12 = 0;
  let s13 = 0;
  for (let k = 0; k < inner; k++) {
    const upper = left[leftAt] as number;
    const lower = left[(leftAt + rowStep) | 0] as number;
    const v0 = right[rightAt] as number;
    const v1 = right[(rightAt + acrossStep) | 0] as number;
    const v2 = right[(rightAt + acrossTwice) | 0] as number;
    const v3 = right[(rightAt + acrossThrice) | 0] as number;
    s00 += upper * v0;
    s01 += upper * v1;
    s02 += upper * v2;
    s03 += upper * v3;
    s10 += lower * v0;
    s11 += lower * v1;
    s12 += lower * v2;
    s13 += lower * v3;
    leftAt = (leftAt + columnStep) | 0;
    rightAt = (rightAt + downStep) | 0;
  }
  const at = c.at + i * c.rowStep + j * c.columnStep;
  addFour(c, at, s00, s01, s02, s03);
  addFour(c, at + c.rowStep, s10, s11, s12, s13);
}

function addFour(c: Layout, at: number, s0: number, s1: number, s2: number, s3: number): void {
  const { data, columnStep } = c;
  data[at] = (data[at] as number) + s0;
  data[at + columnStep] = (data[at + columnStep] as number) + s1;
  data[at + 2 * columnStep] = (data[at + 2 * columnStep] as number) + s2;
  data[at + 3 * columnStep] = (data[at + 3 * columnStep] as number) + s3;
}

function single(c: Layout, a: Layout, b: Layout, i: number, j: number, inner: number): void {
  let leftAt = a.at + i * a.rowStep;
  let rightAt = b.at + j * b.columnStep;
  let sum = 0;
  for (let k = 0; k < inner; k++) {
    sum += (a.data[leftAt] as number) * (b.data[rightAt] as number);
    leftAt += a.columnStep;
    rightAt += b.rowStep;
  }
  const at = c.at + i * c.rowStep + j * c.columnStep;
  c.data[at] = (c.data[at] as number) + sum;
}
