// Exact nearest neighbours, plain loops; the twin of assembly/neighbours.ts.
import type { NeighbourCapacity, NeighbourKernels } from '../../discriminator-kernels.ts';
import { checkSearch } from '../check.ts';

export function plainNeighbours(capacity: NeighbourCapacity): NeighbourKernels {
  const { inputs, maxRows, maxBatch, maxNeighbours } = capacity;
  const rows = new Float32Array(maxRows * inputs);
  const x = new Float32Array(maxBatch * inputs);
  const indices = new Int32Array(maxBatch * maxNeighbours);
  const distances = new Float32Array(maxBatch * maxNeighbours);

  function search(batch: number, rowCount: number, neighbours: number): void {
    checkSearch(capacity, batch, rowCount, neighbours);
    for (let line = 0; line < batch; line++) {
      const at = line * maxNeighbours;
      distances.fill(Number.POSITIVE_INFINITY, at, at + neighbours);
      indices.fill(-1, at, at + neighbours);
      for (let row = 0; row < rowCount; row++) {
        const worst = distances[at + neighbours - 1] as number;
        const distance = squaredDistance(rows, row * inputs, x, line * inputs, inputs);
        if (distance < worst) insert(indices, distances, at, neighbours, row, distance);
      }
    }
  }

  return { inputs, rows, x, indices, distances, search };
}

function squaredDistance(
  a: Float32Array,
  aAt: number,
  b: Float32Array,
  bAt: number,
  length: number,
): number {
  let s0 = 0;
  let s1 = 0;
  let j = 0;
  for (; j + 2 <= length; j += 2) {
    const d0 = (a[aAt + j] as number) - (b[bAt + j] as number);
    const d1 = (a[aAt + j + 1] as number) - (b[bAt + j + 1] as number);
    s0 += d0 * d0;
    s1 += d1 * d1;
  }
  if (j < length) s0 += ((a[aAt + j] as number) - (b[bAt + j] as number)) ** 2;
  return Math.fround(s0 + s1);
}

/** Inserts into an ascending list of fixed length; equal distances keep the order of insertion. */
function insert(
  indices: Int32Array,
  distances: Float32Array,
  at: number,
  length: number,
  row: number,
  distance: number,
): void {
  let place = at + length - 1;
  while (place > at && (distances[place - 1] as number) > distance) {
    distances[place] = distances[place - 1] as number;
    indices[place] = indices[place - 1] as number;
    place--;
  }
  distances[place] = distance;
  indices[place] = row;
}
