// An engine in double precision that counts what it multiplies.
import { plainTape } from '../../src/engine/kernels/plain/tape.ts';
import type { TapeEngine, TapeKernels } from '../../src/engine/tape/kernels.ts';

/**
 * Multiplications of products and convolutions, of their ways back too; those of norms, pools and activations are others.
 * Products by elements count forward only: their way back shares its kernel with activations.
 */
export function countingEngine(): {
  readonly engine: TapeEngine<Float64Array>;
  readonly macs: () => number;
} {
  let macs = 0;
  const engine = plainTape(Float64Array);
  const counted = (kernels: TapeKernels): TapeKernels => ({
    ...kernels,
    multiply(...places) {
      const [rows, columns, inner] = places.slice(-3) as [number, number, number];
      macs += rows * columns * inner;
      kernels.multiply(...places);
    },
    mixRows(...places) {
      macs += mixed(places.slice(3));
      kernels.mixRows(...places);
    },
    mixRowsBack(...places) {
      macs += mixed(places.slice(3));
      kernels.mixRowsBack(...places);
    },
    mixWeights(...places) {
      macs += mixed(places.slice(3));
      kernels.mixWeights(...places);
    },
    convolveWeights(...places) {
      const [windows, rows, columns] = places.slice(3, 6) as [number, number, number];
      macs += windows * columns * pairsOf(rows, ...(places.slice(6) as [number, number, number]));
      kernels.convolveWeights(...places);
    },
    multiplyElements(...places) {
      const [rows, columns] = places.slice(3) as [number, number];
      macs += rows * columns;
      kernels.multiplyElements(...places);
    },
    convolveRows(...places) {
      const [windows, rows, columns] = places.slice(4, 7) as [number, number, number];
      macs += windows * columns * pairsOf(rows, ...(places.slice(7) as [number, number, number]));
      kernels.convolveRows(...places);
    },
  });
  const instance = (elements: number) => {
    const { kernels, ...rest } = engine.instance(elements);
    return { ...rest, kernels: counted(kernels) };
  };
  return { engine: { ...engine, instance }, macs: () => macs };
}

function mixed(sizes: readonly number[]): number {
  const [windows = 0, rows = 0, heads = 0, width = 0, size = 0, before = 0] = sizes;
  return windows * heads * width * pairsOf(rows, size, 1, before);
}

/** Rows of a window and taps that lie in it. */
function pairsOf(rows: number, size: number, dilation: number, before: number): number {
  let pairs = 0;
  for (let at = 0; at < rows * size; at += 1) {
    const seen = Math.floor(at / size) + (at % size) * dilation - before;
    if (seen >= 0 && seen < rows) pairs += 1;
  }
  return pairs;
}
