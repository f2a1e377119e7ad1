// The plain twin of assembly/tape/pooling.ts; engine/tape/kernels/windows.ts describes them.
import type { Floats } from '../../../floats.ts';
import type { PoolingKernels } from '../../../tape/kernels/windows.ts';

export function plainPooling(memory: Floats): PoolingKernels {
  const at = (place: number): number => memory[place] as number;
  return {
    meanRows(to, from, windows, rows, columns, size, stride) {
      eachPool(windows, rows, columns, size, stride, (pool, first) => {
        let sum = 0;
        for (let t = 0; t < size; t++) sum += at(from + first + t * columns);
        memory[to + pool] = sum / size;
      });
    },
    meanRowsBack(to, gradient, windows, rows, columns, size, stride) {
      eachPool(windows, rows, columns, size, stride, (pool, first) => {
        for (let t = 0; t < size; t++) {
          const place = to + first + t * columns;
          memory[place] = at(place) + at(gradient + pool) / size;
        }
      });
    },
    maxRows(to, from, windows, rows, columns, size, stride) {
      eachPool(windows, rows, columns, size, stride, (pool, first) => {
        let most = at(from + first);
        for (let t = 1; t < size; t++) most = Math.max(most, at(from + first + t * columns));
        memory[to + pool] = most;
      });
    },
    maxRowsBack(to, gradient, from, maxima, windows, rows, columns, size, stride) {
      eachPool(windows, rows, columns, size, stride, (pool, first) => {
        for (let t = 0; t < size; t++) {
          if (at(from + first + t * columns) !== at(maxima + pool)) continue;
          const place = to + first + t * columns;
          memory[place] = at(place) + at(gradient + pool);
          return;
        }
      });
    },
  };
}

/** Each column of each pool: the place of its result, and that of its first element. */
function eachPool(
  windows: number,
  rows: number,
  columns: number,
  size: number,
  stride: number,
  visit: (pool: number, first: number) => void,
): void {
  const pools = Math.floor((rows - size) / stride) + 1;
  for (let w = 0; w < windows; w++) {
    for (let i = 0; i < pools; i++) {
      for (let j = 0; j < columns; j++) {
        visit((w * pools + i) * columns + j, (w * rows + i * stride) * columns + j);
      }
    }
  }
}
