// What a product leaves out of its left operand: elements or whole columns that are small.
// Tuli and Jha 2023, "AccelTran: a sparsity-aware accelerator for dynamic inference with transformers" (DynaTran).
// Departs from it: an operand is pruned where a product reads it, not where it is made, so residual sums stay whole.
import type { Binding, Pruning } from '../tape/tape.ts';
import type { Tensor } from '../tape/tensor.ts';

/** Rows of one window in (B, ..., K). */
export function rowsOfWindow({ shape }: Tensor): number {
  return shape.slice(1, -1).reduce((product, length) => product * length, 1);
}

/** `kernels.multiply` without `aAcross`. */
type Product = (
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
) => void;

/** The product of a pruned operand, or of all of it; the threshold is read in each call. */
export function prunedProduct({ kernels }: Binding, pruning: Pruning | undefined): Product {
  if (!pruning) {
    return (c, cDown, a, aDown, ...rest) => kernels.multiply(c, cDown, a, aDown, 1, ...rest);
  }
  switch (pruning.form) {
    case 'elements':
      return (...places) => {
        kernels.multiplyKept(...places, pruning.threshold);
      };
    case 'columns':
      return (...places) => {
        kernels.multiplyKeptColumns(...places, pruning.threshold);
      };
  }
}

/** to = values where `by`, (groups, rows, columns), is kept, otherwise 0. */
export function keep(
  { kernels }: Binding,
  { form, threshold }: Pruning,
  to: number,
  values: number,
  by: number,
  { groups, rows, columns }: { groups: number; rows: number; columns: number },
): void {
  const size = rows * columns;
  switch (form) {
    case 'elements':
      kernels.keepElements(to, values, by, groups * size, threshold);
      return;
    case 'columns':
      for (let at = 0; at < groups * size; at += size) {
        kernels.keepColumns(to + at, values + at, by + at, rows, columns, threshold);
      }
  }
}

/** As attributes of a step: `threshold` and `form`, behind a prefix if there is one. */
export function pruningAttributes(
  pruning: Pruning | undefined,
  prefix = '',
): Readonly<Record<string, number | string>> {
  if (!pruning) return {};
  const named = (word: string): string =>
    prefix === '' ? word : `${prefix}${word.charAt(0).toUpperCase()}${word.slice(1)}`;
  return {
    [named('threshold')]: Math.fround(pruning.threshold),
    [named('form')]: pruning.form,
  };
}
