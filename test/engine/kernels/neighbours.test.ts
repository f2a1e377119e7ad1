import { describe, expect, it } from 'vitest';
import { loadKernels } from '../../../src/engine/kernels/load.ts';

describe('neighbours', () => {
  for (const name of ['wasm-simd', 'plain'] as const) {
    it(`finds the nearest rows, ties in order of the rows (${name})`, async () => {
      const kernels = await loadKernels(name);
      const found = kernels.neighbours({ inputs: 2, maxRows: 8, maxBatch: 2, maxNeighbours: 4 });
      found.rows.set([0, 0, 3, 4, 1, 0, 0, 1, 6, 8, 0, 0, 9, 9, 9, 9]);
      found.x.set([0, 0, 3, 3]);
      found.search(2, 6, 4);
      expect([...found.indices]).toEqual([0, 5, 2, 3, 1, 2, 3, 0]);
      expect([...found.distances]).toEqual([0, 0, 1, 1, 1, 13, 13, 18]);
    });

    it(`looks at no more rows than told (${name})`, async () => {
      const kernels = await loadKernels(name);
      const found = kernels.neighbours({ inputs: 1, maxRows: 9, maxBatch: 1, maxNeighbours: 3 });
      found.rows.set([5, 4, 3, 2, 1, 0, 0, 0, 0]);
      found.search(1, 5, 2);
      expect([...found.indices.subarray(0, 2)]).toEqual([4, 3]);
      expect([...found.distances.subarray(0, 2)]).toEqual([1, 4]);
    });
  }
});
