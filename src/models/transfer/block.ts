// Small dense arrays of any rank, row-major, which are cut out of tensors and written back.

export interface Block {
  readonly shape: readonly number[];
  readonly data: Float64Array;
}

interface Corner {
  readonly shape: readonly number[];
  /** First index along each axis. */
  readonly starts: readonly number[];
}

/** The part of a tensor that begins at a corner, of the given sizes. */
export function cut(values: ArrayLike<number>, corner: Corner, sizes: readonly number[]): Block {
  const data = Float64Array.from(placesOf(corner, sizes), (at) => values[at] as number);
  return { shape: sizes, data };
}

/** The inverse of `cut`. */
export function lay({ shape, data }: Block, values: Float32Array, corner: Corner): void {
  placesOf(corner, shape).forEach((at, i) => {
    values[at] = data[i] as number;
  });
}

/** Only the first so many along an axis. */
export function leading(block: Block, axis: number, size: number): Block {
  const sizes = block.shape.with(axis, size);
  return cut(block.data, { shape: block.shape, starts: sizes.map(() => 0) }, sizes);
}

/** Along an axis x becomes M x; M is (new, old), row-major. */
export function multiplied(block: Block, axis: number, matrix: Float64Array): Block {
  const old = block.shape[axis] as number;
  const size = matrix.length / old;
  const inner = product(block.shape.slice(axis + 1));
  const outer = product(block.shape.slice(0, axis));
  const data = new Float64Array(outer * size * inner);
  for (let i = 0; i < data.length; i++) {
    const row = Math.floor(i / inner) % size;
    const from = Math.floor(i / (inner * size)) * old * inner + (i % inner);
    let sum = 0;
    for (let k = 0; k < old; k++) {
      sum += (matrix[row * old + k] as number) * (block.data[from + k * inner] as number);
    }
    data[i] = sum;
  }
  return { shape: block.shape.with(axis, size), data };
}

export function product(sizes: readonly number[]): number {
  return sizes.reduce((all, size) => all * size, 1);
}

/** Indices of the cells of a part in the whole, in their order. */
function placesOf({ shape, starts }: Corner, sizes: readonly number[]): readonly number[] {
  return shape.reduce<readonly number[]>(
    (places, whole, axis) =>
      places.flatMap((place) =>
        Array.from(
          { length: sizes[axis] as number },
          (_, i) => place * whole + (starts[axis] as number) + i,
        ),
      ),
    [0],
  );
}
