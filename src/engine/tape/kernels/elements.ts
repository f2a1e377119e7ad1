// Kernels that work element by element, or row by row. The notation is that of ../kernels.ts.

export interface ElementKernels {
  /** to (rows, columns) = a (rows, columns) + b (columns,), the same to each row. */
  addElements(to: number, a: number, b: number, rows: number, columns: number): void;
  /** to (rows, columns) = a (rows, columns) times b (columns,), the same for each row. */
  multiplyElements(to: number, a: number, b: number, rows: number, columns: number): void;
  /** Adds that product to `to`. */
  addProducts(to: number, a: number, b: number, rows: number, columns: number): void;
  /** Adds the sum of the rows of a b, both (rows, columns), to `to`, (columns,). */
  addRowProducts(to: number, a: number, b: number, rows: number, columns: number): void;
  scaleElements(to: number, factor: number, from: number, count: number): void;
  /** Adds `factor` from to `to`. */
  addScaled(to: number, factor: number, from: number, count: number): void;
}

/** Both blocks are (rows, columns), each with its own step between rows. */
export interface BlockKernels {
  copyBlock(
    to: number,
    toDown: number,
    from: number,
    fromDown: number,
    rows: number,
    columns: number,
  ): void;
  /** Adds `from` to `to`. */
  addBlock(
    to: number,
    toDown: number,
    from: number,
    fromDown: number,
    rows: number,
    columns: number,
  ): void;
}

/**
 * to = f(from), and slope = f'(from), which is written first and may have the address of `to` if it is not needed. Gelu is
 * the exact one, by the normal distribution; the leaky ReLU has the slope 0.01.
 */
type ActivationKernel = (to: number, slope: number, from: number, count: number) => void;

export interface ActivationKernels {
  readonly gelu: ActivationKernel;
  readonly relu: ActivationKernel;
  readonly leakyRelu: ActivationKernel;
  readonly sigmoid: ActivationKernel;
  readonly tanh: ActivationKernel;
  readonly softplus: ActivationKernel;
  readonly silu: ActivationKernel;
}

/** z = (x - mean) / sqrt(variance + epsilon) of each row of `from`; `moments` (rows, 2) are its mean and that factor. */
export interface LayerNormKernels {
  /** to = z gain + bias; writes the moments. */
  normaliseRows(
    to: number,
    moments: number,
    from: number,
    gain: number,
    bias: number,
    rows: number,
    columns: number,
    epsilon: number,
  ): void;
  /** Adds the gradient of `from` to `to`. */
  normaliseRowsBack(
    to: number,
    gradient: number,
    from: number,
    gain: number,
    moments: number,
    rows: number,
    columns: number,
  ): void;
  /** Adds to the gradients of gain and bias; either address may be 0 if it is not needed. */
  normaliseWeightsBack(
    gain: number,
    bias: number,
    gradient: number,
    from: number,
    moments: number,
    rows: number,
    columns: number,
  ): void;
}

/**
 * Element i becomes 0 if word i of `key` (engine/random.ts), unsigned, is below `threshold`; others are multiplied by
 * `factor`.
 */
export interface DropoutKernels {
  /** to = factor from, or 0. */
  dropElements(
    to: number,
    from: number,
    factor: number,
    threshold: number,
    key: number,
    count: number,
  ): void;
  /** Adds the gradient of `from` to `to`. */
  dropElementsBack(
    to: number,
    gradient: number,
    factor: number,
    threshold: number,
    key: number,
    count: number,
  ): void;
}
