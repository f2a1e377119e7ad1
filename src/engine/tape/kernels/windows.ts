// Kernels that work along the rows of windows. The notation is that of ../kernels.ts.

/**
 * Each window of `from`, (windows, rows, columns), gives floor((rows - size) / stride) + 1 rows: each the mean, or the
 * greatest elements, of `size` rows that begin `stride` apart.
 */
type PoolingKernel = (
  to: number,
  from: number,
  windows: number,
  rows: number,
  columns: number,
  size: number,
  stride: number,
) => void;

export interface PoolingKernels {
  readonly meanRows: PoolingKernel;
  readonly maxRows: PoolingKernel;
  /** Adds the gradient of `from` to `to`. */
  meanRowsBack(
    to: number,
    gradient: number,
    windows: number,
    rows: number,
    columns: number,
    size: number,
    stride: number,
  ): void;
  /** Adds the gradient of `from`, whose `maxima` are given, to `to`; the first of equal maxima gets it. */
  maxRowsBack(
    to: number,
    gradient: number,
    from: number,
    maxima: number,
    windows: number,
    rows: number,
    columns: number,
    size: number,
    stride: number,
  ): void;
}

/**
 * Convolutions along the rows of each window of (windows, rows, columns). Tap k of row i, of `size`, is row
 * i + k dilation - before; where the window has no such row, it counts as zeros.
 */
export interface ConvolutionKernels {
  /** Adds the taps, by elements times their row of `weights`, (size, columns) with rows `weightsDown` apart. */
  convolveRows(
    to: number,
    from: number,
    weights: number,
    weightsDown: number,
    windows: number,
    rows: number,
    columns: number,
    size: number,
    dilation: number,
    before: number,
  ): void;
  /** Adds the gradient of the weights, (size, columns). */
  convolveWeights(
    to: number,
    gradient: number,
    from: number,
    windows: number,
    rows: number,
    columns: number,
    size: number,
    dilation: number,
    before: number,
  ): void;
  /**
   * to = the taps, `dilation` 1, each head's `width` columns weighed by numbers of their own: weights (windows, rows,
   * heads, size).
   */
  mixRows(
    to: number,
    from: number,
    weights: number,
    windows: number,
    rows: number,
    heads: number,
    width: number,
    size: number,
    before: number,
  ): void;
  /** Adds the gradient of `from`. */
  mixRowsBack(
    to: number,
    gradient: number,
    weights: number,
    windows: number,
    rows: number,
    heads: number,
    width: number,
    size: number,
    before: number,
  ): void;
  /** to = the gradient of the weights. */
  mixWeights(
    to: number,
    gradient: number,
    from: number,
    windows: number,
    rows: number,
    heads: number,
    width: number,
    size: number,
    before: number,
  ): void;
}
