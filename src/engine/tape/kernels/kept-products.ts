// Kernels that multiply only what is large. The notation is that of ../kernels.ts.
//
// An element x is kept if |x| is above `threshold` (single precision) or NaN; a column or row is kept, with all of its
// elements, if one of them is. A threshold below 0 keeps all. What is not kept counts as 0: results have the bits of the
// dense product of the pruned operand. A product that judges its operand returns how many elements or columns it kept. `list` is
// an array of the numbers of rows that are kept, in order, of which there are `kept`.

/** c (M, N) = start (M, N) + pruned a (M, K) b (K, N), as `multiply`, but a is never read transposed. */
type PrunedProduct = (
  c: number,
  cDown: number,
  a: number,
  aDown: number,
  b: number,
  bDown: number,
  start: number,
  startDown: number,
  rows: number,
  columns: number,
  inner: number,
  threshold: number,
) => number;

export interface KeptProductKernels {
  /** Prunes elements of a. */
  readonly multiplyKept: PrunedProduct;
  /** Prunes columns of a. */
  readonly multiplyKeptColumns: PrunedProduct;
  /** Adds a (M, K) b (K, N) to c, of whose K products it takes the listed ones. Exchanged steps read a transposed. */
  multiplyKeptRows(
    c: number,
    cDown: number,
    a: number,
    aDown: number,
    aAcross: number,
    b: number,
    bDown: number,
    rows: number,
    columns: number,
    inner: number,
    list: number,
    kept: number,
  ): void;
  /** Adds a (M, K) b (K, N) to c in the listed rows. */
  addToKeptRows(
    c: number,
    cDown: number,
    a: number,
    aDown: number,
    b: number,
    bDown: number,
    rows: number,
    columns: number,
    inner: number,
    list: number,
    kept: number,
  ): void;
  /** Adds the sum of the listed rows of `from`, of so many columns, to `to`, (columns,). */
  addKeptRows(
    to: number,
    from: number,
    fromDown: number,
    columns: number,
    list: number,
    kept: number,
  ): void;
  /** In the listed rows to = gradient of what softmax was taken of, by `gradient` of the probabilities. */
  softmaxBackKept(
    to: number,
    gradient: number,
    probabilities: number,
    columns: number,
    scale: number,
    list: number,
    kept: number,
  ): void;
  /** to = values where the element of `by` is kept, otherwise 0; `to` may be either. */
  keepElements(to: number, values: number, by: number, count: number, threshold: number): void;
  /** to = values in the columns of `by`, (rows, columns), that are kept, otherwise 0; `to` may be either. */
  keepColumns(
    to: number,
    values: number,
    by: number,
    rows: number,
    columns: number,
    threshold: number,
  ): void;
  /**
   * Lists the rows of g, (rows, columns), that are kept, and returns how many they are. If `key` is not 0, a row that is not kept,
   * of which s is the greatest size, is multiplied by threshold / s and listed with the probability s / threshold, by word i of
   * `key` (engine/random.ts) for row i; so the mean over all keys of what the list names is g.
   */
  thinRows(
    list: number,
    g: number,
    rows: number,
    columns: number,
    threshold: number,
    key: number,
  ): number;
}
