import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { StretchPlaces } from '../../../src/engine/discriminator-kernels.ts';
import { loadKernels } from '../../../src/engine/kernels/load.ts';
import { createRandom } from '../../../src/engine/random.ts';

const engines = await Promise.all(
  (['wasm-simd', 'wasm-relaxed', 'plain'] as const).map((name) => loadKernels(name)),
);

/** Squared distances of all stretches in double precision. */
function distances(cells: Float32Array, places: StretchPlaces, x: Float32Array): number[] {
  const { inputs, starts, levels } = places;
  const width = levels ? levels.length / starts.length : 1;
  return starts.map((start, s) => {
    let sum = 0;
    for (let i = 0; i < inputs; i++) {
      const level = levels?.[s * width + (i % width)] ?? 0;
      sum += ((cells[start + i] as number) - level - (x[i] as number)) ** 2;
    }
    return sum;
  });
}

describe.each(engines.map((kernels) => [kernels.name, kernels] as const))(
  'stretches (%s)',
  (_, kernels) => {
    it('finds the nearest of overlapping stretches, of equal ones the first', () => {
      const cells = Float32Array.of(0, 1, 5, 6, 0, 1);
      const { searches } = kernels.stretches(cells, [{ inputs: 2, starts: [4, 2, 0, 1] }]);
      const [search] = searches;
      search?.x.set([0, 1]);
      expect(search?.nearest()).toBe(0);
      search?.x.set([4, 6]);
      expect(search?.nearest()).toBe(1);
      search?.x.set([0, 1]);
      expect(search?.nearest()).toBe(0); // not the equal one behind it, though another was found last
    });

    it('compares shapes where it has levels', () => {
      const cells = Float32Array.of(10, 20, 11, 22, 0, 0, -1, -2);
      const levels = Float32Array.of(10.5, 21, -0.5, -1);
      const [search] = kernels.stretches(cells, [{ inputs: 4, starts: [0, 4], levels }]).searches;
      search?.x.set([0.5, 1, -0.5, -1]);
      expect(search?.nearest()).toBe(1);
      search?.x.set([-0.5, -1, 0.5, 1]);
      expect(search?.nearest()).toBe(0);
    });

    it('finds none for what has no distance', () => {
      const [search] = kernels.stretches(new Float32Array(4), [
        { inputs: 2, starts: [0, 2] },
      ]).searches;
      search?.x.fill(Number.NaN);
      expect(search?.nearest()).toBe(-1);
      search?.x.fill(0);
      expect(search?.nearest()).toBe(0);
    });

    it('finds the nearest shape beside cells that are no numbers', () => {
      const cells = Float32Array.of(Number.NaN, 150, 150, 150, 150, 4000);
      const levels = Float32Array.of(0, 0, 0, 0, 0, 3900);
      const places = { inputs: 1, starts: [0, 1, 2, 3, 4, 5], levels };
      const [search] = kernels.stretches(cells, [places]).searches;
      search?.x.set([100]);
      expect(search?.nearest()).toBe(5);
    });

    it('is exact, however near each other, far away or many the stretches are', () => {
      const cases = fc.record({
        rows: fc.integer({ min: 1, max: 40 }),
        width: fc.integer({ min: 1, max: 19 }),
        count: fc.integer({ min: 1, max: 40 }),
        shapes: fc.boolean(),
        spread: fc.constantFrom(0.001, 1, 100),
        far: fc.constantFrom(0, 1, 1e4),
        seed: fc.integer({ min: 0, max: 2 ** 31 }),
      });
      fc.assert(
        fc.property(cases, ({ rows, width, count, shapes, spread, far, seed }) => {
          const random = createRandom(seed);
          const inputs = rows * width;
          const cells = Float32Array.from(
            { length: inputs + count * width },
            () => spread * random.normal(),
          );
          const starts = Array.from({ length: count }, () => width * random.integer(count + 1));
          const levels = Float32Array.from(
            { length: count * width },
            () => spread * random.normal(),
          );
          const places = { inputs, starts, ...(shapes && { levels }) };
          const [search] = kernels.stretches(cells, [places]).searches;
          for (let again = 0; again < 4; again++) {
            const x = Float32Array.from({ length: inputs }, () => spread * (random.normal() + far));
            search?.x.set(x);
            const all = distances(cells, places, x);
            const found = all[search?.nearest() ?? -1] as number;
            expect(found).toBeLessThanOrEqual(Math.min(...all) * (1 + 1e-5));
          }
        }),
        { numRuns: 100, seed: 23 },
      );
    });

    it('refuses a stretch that goes beyond the cells', () => {
      const places = { inputs: 3, starts: [2] };
      expect(() => kernels.stretches(new Float32Array(4), [places])).toThrow('start is 2');
    });
  },
);
