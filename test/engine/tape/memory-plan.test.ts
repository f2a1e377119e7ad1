import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ALIGNMENT, planMemory } from '../../../src/engine/tape/memory-plan.ts';

const lifetimes = fc.array(
  fc
    .record({
      size: fc.integer({ min: 1, max: 100 }),
      from: fc.nat(20),
      length: fc.nat(10),
    })
    .map(({ size, from, length }) => ({ size, from, to: from + length })),
  { maxLength: 30 },
);

describe('planMemory', () => {
  it('never lets two arrays overlap that live at the same time', () => {
    fc.assert(
      fc.property(lifetimes, (arrays) => {
        const { places, size } = planMemory(arrays);
        arrays.forEach((a, i) => {
          const at = places[i] as number;
          expect(at % ALIGNMENT).toBe(0);
          expect(at + a.size).toBeLessThanOrEqual(size);
          arrays.slice(0, i).forEach((b, j) => {
            if (a.from > b.to || b.from > a.to) return;
            const other = places[j] as number;
            expect(at >= other + b.size || other >= at + a.size).toBe(true);
          });
        });
      }),
    );
  });

  it('uses a place again when its array is no longer needed', () => {
    const chain = Array.from({ length: 10 }, (_, i) => ({ size: 64, from: i, to: i + 1 }));
    expect(planMemory(chain).size).toBe(128);
  });
});
