// Products of dense matrices, and their rows and columns taken apart and put together.
import { type Dense, dense } from './dense.ts';

/** (rows, columns) A B. */
export function product(a: Dense, b: Dense): Dense {
  if (a.columns !== b.rows) {
    throw new RangeError(
      `a ${a.rows}x${a.columns} matrix cannot multiply a ${b.rows}x${b.columns}`,
    );
  }
  const values = new Float64Array(a.rows * b.columns);
  for (let i = 0; i < a.rows; i++) {
    const row = values.subarray(i * b.columns, (i + 1) * b.columns);
    for (let k = 0; k < a.columns; k++) {
      const factor = a.values[i * a.columns + k] as number;
      if (factor === 0) continue;
      for (let j = 0; j < b.columns; j++) {
        row[j] = (row[j] as number) + factor * (b.values[k * b.columns + j] as number);
      }
    }
  }
  return dense(a.rows, b.columns, values);
}

/** Sum of the products of the elements of two matrices of one size: tr(A'B). */
export function innerProduct(a: Dense, b: Dense): number {
  let sum = 0;
  for (let i = 0; i < a.values.length; i++) {
    sum += (a.values[i] as number) * (b.values[i] as number);
  }
  return sum;
}

export function identity(size: number): Dense {
  const values = new Float64Array(size * size);
  for (let i = 0; i < size; i++) values[i * size + i] = 1;
  return dense(size, size, values);
}

export function diagonalOf({ rows, columns, values }: Dense): Float64Array {
  return Float64Array.from({ length: rows }, (_, i) => values[i * columns + i] as number);
}

/** The rows of these numbers, in this order. */
export function rowsOf({ columns, values }: Dense, rows: readonly number[]): Dense {
  const chosen = new Float64Array(rows.length * columns);
  for (const [at, row] of rows.entries()) {
    chosen.set(values.subarray(row * columns, (row + 1) * columns), at * columns);
  }
  return dense(rows.length, columns, chosen);
}

export function columnsOf({ rows, columns, values }: Dense, chosen: readonly number[]): Dense {
  const count = chosen.length;
  const picked = Float64Array.from({ length: rows * count }, (_, i) => {
    return values[Math.floor(i / count) * columns + (chosen[i % count] as number)] as number;
  });
  return dense(rows, count, picked);
}

/** Matrices of the same columns, one below the other. */
export function below(parts: readonly Dense[]): Dense {
  const columns = parts[0]?.columns ?? 0;
  const rows = parts.reduce((sum, part) => sum + part.rows, 0);
  const values = new Float64Array(rows * columns);
  let at = 0;
  for (const part of parts) {
    values.set(part.values, at);
    at += part.values.length;
  }
  return dense(rows, columns, values);
}

/** Matrices of the same rows, one beside the other. */
export function beside(parts: readonly Dense[]): Dense {
  const rows = parts[0]?.rows ?? 0;
  const columns = parts.reduce((sum, part) => sum + part.columns, 0);
  const values = new Float64Array(rows * columns);
  let from = 0;
  for (const part of parts) {
    for (let i = 0; i < rows; i++) {
      const row = part.values.subarray(i * part.columns, (i + 1) * part.columns);
      values.set(row, i * columns + from);
    }
    from += part.columns;
  }
  return dense(rows, columns, values);
}

/** `count` whole numbers from `from` on. */
export function range(from: number, count: number): readonly number[] {
  return Array.from({ length: count }, (_, i) => from + i);
}
