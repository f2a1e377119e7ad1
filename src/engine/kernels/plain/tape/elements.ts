// The plain twin of assembly/tape/elements.ts; engine/tape/kernels/elements.ts says what they do.
import type { Floats } from '../../../floats.ts';
import type { ElementKernels } from '../../../tape/kernels/elements.ts';

export function plainElements(memory: Floats): ElementKernels {
  const at = (place: number): number => memory[place] as number;
  return {
    addElements(to, a, b, rows, columns) {
      for (let row = 0; row < rows * columns; row += columns) {
        for (let j = 0; j < columns; j++) memory[to + row + j] = at(a + row + j) + at(b + j);
      }
    },
    multiplyElements(to, a, b, rows, columns) {
      for (let row = 0; row < rows * columns; row += columns) {
        for (let j = 0; j < columns; j++) memory[to + row + j] = at(a + row + j) * at(b + j);
      }
    },
    addProducts(to, a, b, rows, columns) {
      for (let row = 0; row < rows * columns; row += columns) {
        for (let j = 0; j < columns; j++) {
          const place = to + row + j;
          memory[place] = at(place) + at(a + row + j) * at(b + j);
        }
      }
    },
    addRowProducts(to, a, b, rows, columns) {
      for (let j = 0; j < columns; j++) {
        let sum = at(to + j);
        for (let i = j; i < rows * columns; i += columns) sum += at(a + i) * at(b + i);
        memory[to + j] = sum;
      }
    },
    scaleElements(to, factor, from, count) {
      for (let i = 0; i < count; i++) memory[to + i] = factor * at(from + i);
    },
    addScaled(to, factor, from, count) {
      for (let i = 0; i < count; i++) memory[to + i] = at(to + i) + factor * at(from + i);
    },
  };
}
