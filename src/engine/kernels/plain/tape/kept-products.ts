// The plain twin of assembly/tape/kept-elements.ts and kept-lines.ts; engine/tape/kernels/kept-products.ts describes them.
import type { Floats } from '../../../floats.ts';
import { mix32, STEP32 } from '../../../random.ts';
import type { KeptProductKernels } from '../../../tape/kernels/kept-products.ts';
import type { ProductKernels, SoftmaxKernels } from '../../../tape/kernels.ts';

export function plainKeptProducts(
  memory: Floats,
  { multiply, addRows }: Pick<ProductKernels, 'multiply' | 'addRows'>,
  { softmaxBack }: Pick<SoftmaxKernels, 'softmaxBack'>,
): Omit<KeptProductKernels, keyof ValueKernels> {
  const { isKept, isAnyKept } = judging(memory);
  /** c = start, from which a product adds row by row of b. */
  const begin = (
    c: number,
    cDown: number,
    start: number,
    startDown: number,
    rows: number,
    columns: number,
  ): void => multiply(c, cDown, 0, 0, 0, 0, 0, start, startDown, rows, columns, 0);

  return {
    multiplyKept(c, cDown, a, aDown, b, bDown, start, startDown, rows, columns, inner, threshold) {
      begin(c, cDown, start, startDown, rows, columns);
      let kept = 0;
      for (let i = 0; i < rows; i++) {
        for (let k = 0; k < inner; k++) {
          const at = a + i * aDown + k;
          if (!isKept(at, threshold)) continue;
          kept++;
          const row = c + i * cDown;
          multiply(row, cDown, at, 0, 1, b + k * bDown, bDown, row, cDown, 1, columns, 1);
        }
      }
      return kept;
    },
    multiplyKeptColumns(
      ...[c, cDown, a, aDown, b, bDown, start, startDown, rows, columns, inner, threshold]
    ) {
      begin(c, cDown, start, startDown, rows, columns);
      let kept = 0;
      for (let k = 0; k < inner; k++) {
        if (!isAnyKept(a + k, aDown, rows, threshold)) continue;
        kept++;
        multiply(c, cDown, a + k, aDown, 1, b + k * bDown, bDown, c, cDown, rows, columns, 1);
      }
      return kept;
    },
    multiplyKeptRows(c, cDown, a, aDown, aAcross, b, bDown, rows, columns, _inner, list, kept) {
      for (const k of memory.subarray(list, list + kept)) {
        const row = b + k * bDown;
        multiply(c, cDown, a + k * aAcross, aDown, 1, row, bDown, c, cDown, rows, columns, 1);
      }
    },
    addToKeptRows(c, cDown, a, aDown, b, bDown, _rows, columns, inner, list, kept) {
      for (const i of memory.subarray(list, list + kept)) {
        const [from, to] = [a + i * aDown, c + i * cDown];
        multiply(to, cDown, from, aDown, 1, b, bDown, to, cDown, 1, columns, inner);
      }
    },
    addKeptRows(to, from, fromDown, columns, list, kept) {
      for (const i of memory.subarray(list, list + kept)) {
        addRows(to, from + i * fromDown, fromDown, 1, columns);
      }
    },
    softmaxBackKept(to, gradient, probabilities, columns, scale, list, kept) {
      for (const i of memory.subarray(list, list + kept)) {
        const at = i * columns;
        softmaxBack(to + at, gradient + at, probabilities + at, 0, 1, columns, scale);
      }
    },
  };
}

type ValueKernels = Pick<KeptProductKernels, 'keepElements' | 'keepColumns' | 'thinRows'>;

export function plainKeptValues(memory: Floats): ValueKernels {
  const { isKept, isAnyKept } = judging(memory);
  return {
    keepElements(to, values, by, count, threshold) {
      for (let i = 0; i < count; i++) {
        memory[to + i] = isKept(by + i, threshold) ? (memory[values + i] as number) : 0;
      }
    },
    keepColumns(to, values, by, rows, columns, threshold) {
      for (let j = 0; j < columns; j++) {
        const kept = isAnyKept(by + j, columns, rows, threshold);
        for (let at = j; at < rows * columns; at += columns) {
          memory[to + at] = kept ? (memory[values + at] as number) : 0;
        }
      }
    },
    thinRows(list, g, rows, columns, threshold, key) {
      let kept = 0;
      for (let i = 0; i < rows; i++) {
        const at = g + i * columns;
        const word = key === 0 ? 0 : key + Math.imul(i, STEP32);
        const isKept = isAnyKept(at, 1, columns, threshold);
        if (!isKept && !isScaled(memory.subarray(at, at + columns), threshold, word)) continue;
        memory[list + kept] = i;
        kept++;
      }
      return kept;
    },
  };
}

function judging(memory: Floats) {
  const isKept = (at: number, threshold: number): boolean =>
    !(Math.abs(memory[at] as number) <= Math.fround(threshold));
  /** Whether one of `count` elements, `step` apart, is kept. */
  const isAnyKept = (at: number, step: number, count: number, threshold: number): boolean => {
    for (let i = 0; i < count; i++) if (isKept(at + i * step, threshold)) return true;
    return false;
  };
  return { isKept, isAnyKept };
}

/** Whether a row that is not kept is drawn; it is then scaled by what keeps its mean. */
function isScaled(row: Floats, threshold: number, word: number): boolean {
  if (word === 0) return false;
  let size = 0;
  for (const value of row) size = Math.max(size, Math.abs(value));
  const share = size / Math.fround(threshold);
  if (!(mix32(word) >>> 0 < share * 2 ** 32)) return false;
  for (let j = 0; j < row.length; j++) row[j] = (row[j] as number) / share;
  return true;
}
