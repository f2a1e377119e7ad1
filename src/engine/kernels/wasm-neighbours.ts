// Remembered windows in WebAssembly memory.
import type { NeighbourCapacity, NeighbourKernels } from '../discriminator-kernels.ts';
import { checkSearch } from './check.ts';
import type { KernelInstance } from './kernel-instance.ts';

type Sizes = ReturnType<typeof neighbourSizes>;

/** Bytes of every array, in the order of the class in assembly/neighbours.ts; the block itself comes last. */
export function neighbourSizes({ inputs, maxRows, maxBatch, maxNeighbours }: NeighbourCapacity) {
  return {
    rows: 4 * maxRows * inputs,
    x: 4 * maxBatch * inputs,
    indices: 4 * maxBatch * maxNeighbours,
    distances: 4 * maxBatch * maxNeighbours,
    block: 24,
  };
}

export function wasmNeighbours(
  { exports, arena }: KernelInstance,
  capacity: NeighbourCapacity,
  sizes: Sizes,
): NeighbourKernels {
  const { inputs, maxNeighbours } = capacity;
  const rows = arena.floats(arena.allocate(sizes.rows), sizes.rows / 4);
  const x = arena.floats(arena.allocate(sizes.x), sizes.x / 4);
  const indices = arena.integers(arena.allocate(sizes.indices), sizes.indices / 4);
  const distances = arena.floats(arena.allocate(sizes.distances), sizes.distances / 4);
  const block = arena.allocate(sizes.block);
  const addresses = [rows, x, indices, distances].map((values) => values.byteOffset);
  arena.integers(block, 6).set([inputs, maxNeighbours, ...addresses]);
  return {
    inputs,
    rows,
    x,
    indices,
    distances,
    search(batch, rowCount, neighbours) {
      checkSearch(capacity, batch, rowCount, neighbours);
      exports.search(block, batch, rowCount, neighbours);
    },
  };
}
