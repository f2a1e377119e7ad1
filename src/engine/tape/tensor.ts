// Tensors of a tape: shapes without numbers. A program allocates their memory.

/** An array of numbers in a program, row-major. */
export interface Tensor {
  readonly shape: readonly number[];
  /** Product of the shape. */
  readonly size: number;
  /** Identity of the memory; the same for all shapes of the same numbers. */
  readonly storage: Storage;
}

/** Source of the numbers: the caller before each run, the weights, a constant of the tape, or an operation. */
export type Storage =
  | { readonly kind: 'input'; readonly size: number; readonly wantsGradient: boolean }
  | { readonly kind: 'parameter'; readonly size: number; readonly name: string }
  | { readonly kind: 'constant'; readonly size: number; readonly values: ArrayLike<number> }
  | { readonly kind: 'value'; readonly size: number };

export function tensorOf(shape: readonly number[], storage: Storage): Tensor {
  return { shape, size: sizeOf(shape), storage };
}

export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((size, length) => size * length, 1);
}

/** The same numbers with another shape; costs nothing. */
export function reshape(tensor: Tensor, shape: readonly number[]): Tensor {
  if (sizeOf(shape) !== tensor.size) {
    throw new RangeError(`a tensor of ${tensor.shape.join('x')} cannot become ${shape.join('x')}`);
  }
  return tensorOf(shape, tensor.storage);
}

/** As a matrix of rows as long as the last axis: (rows, columns). */
export function asRows({ shape, size }: Tensor): readonly [rows: number, columns: number] {
  const columns = shape.at(-1) ?? 1;
  return [size / columns, columns];
}
