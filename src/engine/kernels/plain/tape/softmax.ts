// The plain twin of assembly/tape/softmax.ts; engine/tape/kernels.ts describes them.
import type { Floats } from '../../../floats.ts';
import type { SoftmaxKernels } from '../../../tape/kernels.ts';

export function plainSoftmax(memory: Floats): SoftmaxKernels {
  const at = (place: number): number => memory[place] as number;
  const softmaxRow = (to: number, from: number, count: number, scale: number): void => {
    let most = at(from);
    for (let j = 1; j < count; j++) most = Math.max(most, at(from + j));
    let sum = 0;
    for (let j = 0; j < count; j++) {
      const value = Math.exp(scale * (at(from + j) - most));
      memory[to + j] = value;
      sum += value;
    }
    for (let j = 0; j < count; j++) memory[to + j] = at(to + j) / sum;
  };
  return {
    softmaxRows(to, from, rows, columns, scale, causal) {
      for (let i = 0; i < rows; i++) {
        const row = to + i * columns;
        const seen = causal ? (i % columns) + 1 : columns;
        softmaxRow(row, from + i * columns, seen, scale);
        memory.fill(0, row + seen, row + columns);
      }
    },
    softmaxBack(to, gradient, probabilities, start, rows, columns, scale) {
      for (let row = 0; row < rows * columns; row += columns) {
        let mean = 0;
        for (let j = row; j < row + columns; j++) mean += at(gradient + j) * at(probabilities + j);
        for (let j = row; j < row + columns; j++) {
          const before = start === 0 ? 0 : at(start + j);
          memory[to + j] = before + scale * at(probabilities + j) * (at(gradient + j) - mean);
        }
      }
    },
  };
}
