// Counts what a program multiplies. The kernels are wrapped when a program is compiled; without a counter nothing is counted
// and nothing is slower.
import type { Floats } from '../floats.ts';
import type { TapeEngine, TapeKernels } from './kernels.ts';

/**
 * Multiplications of products and convolutions, of their ways back too; those of norms, pools and activations are others.
 * Products by elements count forward only: their way back shares its kernel with activations.
 */
export interface MultiplicationCounter {
  issued: number;
  /** Left out because the left operand is pruned. */
  skipped: number;
}

/** The same engine, which adds to the counter. */
export function countingEngine<A extends Floats>(
  engine: TapeEngine<A>,
  counter: MultiplicationCounter,
): TapeEngine<A> {
  return {
    name: engine.name,
    instance(elements) {
      const { kernels, ...rest } = engine.instance(elements);
      return { ...rest, kernels: counting(kernels, counter) };
    },
  };
}

function counting(kernels: TapeKernels, counter: MultiplicationCounter): TapeKernels {
  /** Of `all` multiplications, of which the share `kept` of `parts` is carried out. */
  const count = (all: number, kept = 1, parts = 1): void => {
    const issued = (all / parts) * kept;
    counter.issued += issued;
    counter.skipped += all - issued;
  };
  return {
    ...kernels,
    ...countingPruned(kernels, count),
    multiply(...places) {
      const [rows, columns, inner] = places.slice(-3) as Three;
      count(rows * columns * inner);
      kernels.multiply(...places);
    },
    mixRows(...places) {
      count(mixed(places.slice(3)));
      kernels.mixRows(...places);
    },
    mixRowsBack(...places) {
      count(mixed(places.slice(3)));
      kernels.mixRowsBack(...places);
    },
    mixWeights(...places) {
      count(mixed(places.slice(3)));
      kernels.mixWeights(...places);
    },
    convolveWeights(...places) {
      const [windows, rows, columns] = places.slice(3, 6) as Three;
      count(windows * columns * pairsOf(rows, ...(places.slice(6) as Three)));
      kernels.convolveWeights(...places);
    },
    multiplyElements(...places) {
      const [rows, columns] = places.slice(3) as [number, number];
      count(rows * columns);
      kernels.multiplyElements(...places);
    },
    convolveRows(...places) {
      const [windows, rows, columns] = places.slice(4, 7) as Three;
      count(windows * columns * pairsOf(rows, ...(places.slice(7) as Three)));
      kernels.convolveRows(...places);
    },
  };
}

type Three = [number, number, number];
type Five = [...Three, number, number];

type PrunedKernels = Pick<
  TapeKernels,
  'multiplyKept' | 'multiplyKeptColumns' | 'multiplyKeptRows' | 'addToKeptRows'
>;

function countingPruned(
  kernels: PrunedKernels,
  count: (all: number, kept: number, parts: number) => void,
): PrunedKernels {
  return {
    multiplyKept(...places) {
      const [rows, columns, inner] = places.slice(-4) as Three;
      const kept = kernels.multiplyKept(...places);
      count(rows * columns * inner, kept, rows * inner);
      return kept;
    },
    multiplyKeptColumns(...places) {
      const [rows, columns, inner] = places.slice(-4) as Three;
      const kept = kernels.multiplyKeptColumns(...places);
      count(rows * columns * inner, kept, inner);
      return kept;
    },
    multiplyKeptRows(...places) {
      const [rows, columns, inner, _list, kept] = places.slice(-5) as Five;
      count(rows * columns * inner, kept, inner);
      kernels.multiplyKeptRows(...places);
    },
    addToKeptRows(...places) {
      const [rows, columns, inner, _list, kept] = places.slice(-5) as Five;
      count(rows * columns * inner, kept, rows);
      kernels.addToKeptRows(...places);
    },
  };
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
