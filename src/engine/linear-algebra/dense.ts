// Dense matrices of doubles and their products.

/** Row-major. */
export interface Dense {
  readonly rows: number;
  readonly columns: number;
  /** (rows * columns,) */
  readonly values: Float64Array;
}

/** Throws RangeError unless the number of values fits. Keeps the array without copying. */
export function dense(rows: number, columns: number, values: Float64Array): Dense {
  if (values.length !== rows * columns) {
    throw new RangeError(`a ${rows}x${columns} matrix cannot have ${values.length} values`);
  }
  return { rows, columns, values };
}

/** Throws RangeError for a matrix without elements or with non-finite ones. */
export function requireFinite({ rows, columns, values }: Dense): void {
  if (values.length === 0) throw new RangeError(`a ${rows}x${columns} matrix has no elements`);
  let place = 0;
  while (place < values.length && Number.isFinite(values[place])) place++;
  if (place === values.length) return;
  const [row, column] = [Math.floor(place / columns), place % columns];
  throw new RangeError(`element (${row}, ${column}) of the matrix is ${values[place]}`);
}

export function requireSquare({ rows, columns }: Dense): void {
  if (rows !== columns) throw new RangeError(`the matrix is ${rows}x${columns}, must be square`);
}

/** (rows, rows) A A'; only the lower half is written. */
export function gramOfRows({ rows, columns, values }: Dense): Dense {
  const products = new Float64Array(rows * rows);
  for (let i = 0; i < rows; i++) {
    const one = values.subarray(i * columns, (i + 1) * columns);
    for (let j = 0; j <= i; j++) {
      products[i * rows + j] = dot(one, values.subarray(j * columns, (j + 1) * columns));
    }
  }
  return dense(rows, rows, products);
}

export function withDiagonal({ rows, columns, values }: Dense, more: number): Dense {
  const sums = values.slice();
  for (let i = 0; i < rows; i++) sums[i * columns + i] = (sums[i * columns + i] as number) + more;
  return dense(rows, columns, sums);
}

export function transposed({ rows, columns, values }: Dense): Dense {
  const turned = new Float64Array(values.length);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) turned[j * rows + i] = values[i * columns + j] as number;
  }
  return dense(columns, rows, turned);
}

/** (rows,) the dot product of each row with x (columns,). Four rows at a time, whose sums do not wait for each other. */
export function timesVector({ rows, columns, values }: Dense, x: Float64Array): Float64Array {
  const products = new Float64Array(rows);
  const whole = rows - (rows % 4);
  for (let row = 0; row < whole; row += 4) {
    const at = row * columns;
    const [at1, at2, at3] = [at + columns, at + 2 * columns, at + 3 * columns];
    let [s0, s1, s2, s3] = [0, 0, 0, 0];
    for (let i = 0; i < columns; i++) {
      const factor = x[i] as number;
      s0 += (values[at + i] as number) * factor;
      s1 += (values[at1 + i] as number) * factor;
      s2 += (values[at2 + i] as number) * factor;
      s3 += (values[at3 + i] as number) * factor;
    }
    products[row] = s0;
    products[row + 1] = s1;
    products[row + 2] = s2;
    products[row + 3] = s3;
  }
  for (let row = whole; row < rows; row++) {
    products[row] = dot(values.subarray(row * columns, (row + 1) * columns), x);
  }
  return products;
}

export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
}
