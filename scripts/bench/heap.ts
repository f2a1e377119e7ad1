// Windows per second, and what scoring leaves on the heap.
import type { DiscriminatorKernels } from '../../src/engine/discriminator-kernels.ts';
import { ascent, fill, type Start, shape } from './workload.ts';

const WINDOWS = 100_000;

export interface HeapResult {
  readonly windowsPerS: number;
  readonly heapGrowthMb: number;
}

/** Scores 100,000 windows one by one. Needs `--expose-gc`. */
export function measureHeap(kernels: DiscriminatorKernels, start: Start): HeapResult {
  const { inputs } = shape;
  fill(kernels, { ...start, x: start.x.subarray(0, inputs), z: start.z.subarray(0, inputs) });
  scoreWindows(kernels, start, 1000);
  const before = heapBytes();
  const began = process.hrtime.bigint();
  scoreWindows(kernels, start, WINDOWS);
  const seconds = Number(process.hrtime.bigint() - began) / 1e9;
  return { windowsPerS: WINDOWS / seconds, heapGrowthMb: (heapBytes() - before) / 2 ** 20 };
}

function scoreWindows(kernels: DiscriminatorKernels, { z }: Start, count: number): void {
  const window = z.slice(0, shape.inputs);
  for (let i = 0; i < count; i++) {
    // Another window each time, in the array the first was in.
    window[i % shape.inputs] = (i % 101) / 100;
    kernels.x.set(window);
    kernels.z.set(window);
    kernels.ascend(1, ascent);
  }
}

function heapBytes(): number {
  if (!globalThis.gc) throw new Error('the bench must run with --expose-gc: use npm run bench');
  globalThis.gc();
  globalThis.gc();
  return process.memoryUsage().heapUsed;
}
