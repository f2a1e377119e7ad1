// Kernels that multiply only what is large. The notation is that of ../kernels.ts.
//
// An element x is kept if |x| is above `threshold` (single precision) or NaN; a column or row is kept, with all of its
// elements, if one of them is. A threshold below 0 keeps all. What is not kept counts as 0: results have the bits of the
// dense product of the pruned operand. Each product returns how many elements, columns or rows it kept.

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
  /** Adds a (M, K) b (K, N) to c and prunes rows of b. Exchanged steps read a transposed. */
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
    threshold: number,
  ): number;
  /** Adds a (M, K) b (K, N) to c and prunes rows of a. */
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
    threshold: number,
  ): number;
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
   * Sets rows of g that are not kept to 0; returns how many are left. If `key` is not 0, such a row, of which s is the greatest
   * size, is multiplied by threshold / s instead with the probability s / threshold, by word i of `key` (engine/random.ts) for
   * row i; so the mean over all keys is g.
   */
  thinRows(g: number, rows: number, columns: number, threshold: number, key: number): number;
}
