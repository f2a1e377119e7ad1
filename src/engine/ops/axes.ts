// Checks of the shapes of operations on windows.
import type { Tensor } from '../tape/tensor.ts';

/** A tensor (B, T, H): windows, their rows, and columns. Throws `RangeError` for any other number of axes. */
export function asWindows({
  shape,
}: Tensor): readonly [windows: number, rows: number, columns: number] {
  const [windows, rows, columns, ...more] = shape;
  if (windows === undefined || rows === undefined || columns === undefined || more.length > 0) {
    throw new RangeError(
      `a tensor of ${shape.join('x')} is not a batch of windows: it needs 3 axes`,
    );
  }
  return [windows, rows, columns];
}

/** Columns of each head. Throws `RangeError` unless the number of heads divides the columns. */
export function widthOfHeads(columns: number, heads: number): number {
  if (!(Number.isInteger(heads) && heads > 0 && columns % heads === 0)) {
    throw new RangeError(
      `${columns} columns cannot be shared by ${heads} heads: the number of heads must divide them`,
    );
  }
  return columns / heads;
}

/** Throws `RangeError` unless the two have the same shape. */
export function requireSameShape(what: string, found: Tensor, wanted: Pick<Tensor, 'shape'>): void {
  const [has, needs] = [found.shape.join('x'), wanted.shape.join('x')];
  if (has !== needs) throw new RangeError(`${what} is ${has}, it must be ${needs}`);
}

/** Throws `RangeError` unless `value` is a whole number of at least 1. */
export function requireCount(what: string, value: number): void {
  if (Number.isInteger(value) && value >= 1) return;
  throw new RangeError(`${what} is ${value}, it must be a whole number of at least 1`);
}
