// The plain twin of assembly/tape/blocks.ts; engine/tape/kernels/elements.ts says what they do.
import type { Floats } from '../../../floats.ts';
import type { BlockKernels } from '../../../tape/kernels/elements.ts';

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
