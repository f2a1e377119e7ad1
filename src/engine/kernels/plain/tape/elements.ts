// The plain twins of elements.ts, blocks.ts and dropout.ts in assembly/tape; engine/tape/kernels/elements.ts has what they
// compute.
import type { Floats } from '../../../floats.ts';
import { mix32, STEP32 } from '../../../random.ts';
import type {
  BlockKernels,
  DropoutKernels,
  ElementKernels,
} from '../../../tape/kernels/elements.ts';

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

export function plainBlocks(memory: Floats): BlockKernels {
  return {
    copyBlock(to, toDown, from, fromDown, rows, columns) {
      for (let i = 0; i < rows; i++) {
        const source = from + i * fromDown;
        memory.copyWithin(to + i * toDown, source, source + columns);
      }
    },
    addBlock(to, toDown, from, fromDown, rows, columns) {
      for (let i = 0; i < rows; i++) {
        for (let j = 0; j < columns; j++) {
          const place = to + i * toDown + j;
          memory[place] = (memory[place] as number) + (memory[from + i * fromDown + j] as number);
        }
      }
    },
  };
}

export function plainDropout(memory: Floats): DropoutKernels {
  const at = (place: number): number => memory[place] as number;
  const isKept = (i: number, threshold: number, key: number): boolean =>
    mix32(key + Math.imul(i, STEP32)) >>> 0 >= threshold >>> 0;
  return {
    dropElements(to, from, factor, threshold, key, count) {
      for (let i = 0; i < count; i++) {
        memory[to + i] = isKept(i, threshold, key) ? factor * at(from + i) : 0;
      }
    },
    dropElementsBack(to, gradient, factor, threshold, key, count) {
      for (let i = 0; i < count; i++) {
        if (isKept(i, threshold, key)) memory[to + i] = at(to + i) + factor * at(gradient + i);
      }
    },
  };
}
