// The plain twin of assembly/tape/dropout.ts; engine/tape/kernels/elements.ts says what they do.
import type { Floats } from '../../../floats.ts';
import { mix32, STEP32 } from '../../../splitmix32.ts';
import type { DropoutKernels } from '../../../tape/kernels/elements.ts';

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
