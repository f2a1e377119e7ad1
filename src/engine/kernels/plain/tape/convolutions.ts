// The plain twin of assembly/tape/convolutions.ts; engine/tape/kernels/windows.ts describes them. Sums are doubles.
import type { Floats } from '../../../floats.ts';
import type { ConvolutionKernels } from '../../../tape/kernels/windows.ts';

export function plainConvolutions(memory: Floats): ConvolutionKernels {
  const at = (place: number): number => memory[place] as number;
  return {
    convolveRows(to, from, weights, down, windows, rows, columns, size, dilation, before) {
      for (let row = 0; row < windows * rows; row++) {
        for (let j = 0; j < columns; j++) {
          let sum = at(to + row * columns + j);
          eachTap(row % rows, rows, size, dilation, before, (k, offset) => {
            sum += at(weights + k * down + j) * at(from + (row + offset) * columns + j);
          });
          memory[to + row * columns + j] = sum;
        }
      }
    },
    convolveWeights(to, gradient, from, windows, rows, columns, size, dilation, before) {
      for (let row = 0; row < windows * rows; row++) {
        eachTap(row % rows, rows, size, dilation, before, (k, offset) => {
          for (let j = 0; j < columns; j++) {
            const product =
              at(gradient + row * columns + j) * at(from + (row + offset) * columns + j);
            memory[to + k * columns + j] = at(to + k * columns + j) + product;
          }
        });
      }
    },
    ...plainMixing(memory),
  };
}

type MixingKernels = Pick<ConvolutionKernels, 'mixRows' | 'mixRowsBack' | 'mixWeights'>;

function plainMixing(memory: Floats): MixingKernels {
  const at = (place: number): number => memory[place] as number;
  return {
    mixRows(to, from, weights, windows, rows, heads, width, size, before) {
      const columns = heads * width;
      for (let row = 0; row < windows * rows; row++) {
        for (let j = 0; j < columns; j++) {
          const own = weights + (row * heads + Math.floor(j / width)) * size;
          let sum = 0;
          eachTap(row % rows, rows, size, 1, before, (k, offset) => {
            sum += at(own + k) * at(from + (row + offset) * columns + j);
          });
          memory[to + row * columns + j] = sum;
        }
      }
    },
    mixRowsBack(to, gradient, weights, windows, rows, heads, width, size, before) {
      const columns = heads * width;
      for (let row = 0; row < windows * rows; row++) {
        for (let j = 0; j < columns; j++) {
          const own = weights + (row * heads + Math.floor(j / width)) * size;
          eachTap(row % rows, rows, size, 1, before, (k, offset) => {
            const place = to + (row + offset) * columns + j;
            memory[place] = at(place) + at(own + k) * at(gradient + row * columns + j);
          });
        }
      }
    },
    mixWeights(to, gradient, from, windows, rows, heads, width, size, before) {
      const columns = heads * width;
      memory.fill(0, to, to + windows * rows * heads * size);
      for (let row = 0; row < windows * rows; row++) {
        eachTap(row % rows, rows, size, 1, before, (k, offset) => {
          for (let h = 0; h < heads; h++) {
            const [g, seen] = [row * columns + h * width, (row + offset) * columns + h * width];
            let sum = 0;
            for (let j = 0; j < width; j++) sum += at(gradient + g + j) * at(from + seen + j);
            memory[to + (row * heads + h) * size + k] = sum;
          }
        });
      }
    },
  };
}

/** The taps of row i that fall on a row of its window, and how far that is from i. */
function eachTap(
  i: number,
  rows: number,
  size: number,
  dilation: number,
  before: number,
  visit: (tap: number, offset: number) => void,
): void {
  for (let k = 0; k < size; k++) {
    const offset = k * dilation - before;
    if (i + offset >= 0 && i + offset < rows) visit(k, offset);
  }
}
