// The plain twin of assembly/tape/products.ts; engine/tape/kernels.ts describes them. Sums are doubles.
import type { Floats } from '../../../floats.ts';
import type { ProductKernels } from '../../../tape/kernels.ts';

export function plainProducts(memory: Floats): ProductKernels {
  const dot = (a: number, aStep: number, b: number, bStep: number, count: number): number => {
    let sum = 0;
    for (let k = 0; k < count; k++) {
      sum += (memory[a + k * aStep] as number) * (memory[b + k * bStep] as number);
    }
    return sum;
  };
  return {
    multiply(c, cDown, a, aDown, aAcross, b, bDown, start, startDown, rows, columns, inner) {
      for (let i = 0; i < rows; i++) {
        for (let j = 0; j < columns; j++) {
          const before = start === 0 ? 0 : (memory[start + i * startDown + j] as number);
          memory[c + i * cDown + j] = before + dot(a + i * aDown, aAcross, b + j, bDown, inner);
        }
      }
    },
    transpose(to, from, fromDown, rows, columns) {
      for (let i = 0; i < rows; i++) {
        for (let j = 0; j < columns; j++) {
          memory[to + j * rows + i] = memory[from + i * fromDown + j] as number;
        }
      }
    },
    addRows(to, from, fromDown, rows, columns) {
      for (let j = 0; j < columns; j++) {
        let sum = memory[to + j] as number;
        for (let i = 0; i < rows; i++) sum += memory[from + i * fromDown + j] as number;
        memory[to + j] = sum;
      }
    },
  };
}
