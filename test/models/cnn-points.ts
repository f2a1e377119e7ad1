// Convolutional networks to test with.
import fc from 'fast-check';
import type { CnnCell, CnnPoint } from '../../src/models/cnn-design.ts';
import type { Operation } from '../../src/models/cnn-ops.ts';

export const OPERATIONS: readonly Operation[] = [
  { op: 'convolution', kernel: 3 },
  { op: 'convolution', kernel: 5 },
  { op: 'convolution', kernel: 9 },
  { op: 'dilated' },
  { op: 'separable' },
  { op: 'pool', of: 'max' },
  { op: 'pool', of: 'mean' },
  { op: 'skip' },
];

export const points: fc.Arbitrary<CnnPoint> = fc.record({
  cells: fc.array(fc.integer({ min: 0, max: 3 }).chain(cellOf), { minLength: 1, maxLength: 2 }),
});

/** A cell of so many vertices and one, all of which lead to its output. */
function cellOf(more: number): fc.Arbitrary<CnnCell> {
  const vertices = Array.from({ length: more + 1 }, (_, i) =>
    fc.record({
      operation: fc.constantFrom(...OPERATIONS),
      inputs: fc.uniqueArray(fc.integer({ min: 0, max: i }), { minLength: 1 }),
    }),
  );
  return fc
    .record({
      channels: fc.constantFrom(4, 6, 8),
      activation: fc.constantFrom('relu' as const, 'silu' as const),
      vertices: fc.tuple(...vertices),
      residual: fc.boolean(),
    })
    .map(({ residual, ...cell }) => {
      const read = new Set(cell.vertices.flatMap(({ inputs }) => inputs));
      const ends = cell.vertices.map((_, i) => i + 1).filter((place) => !read.has(place));
      return { ...cell, output: residual ? [0, ...ends] : ends };
    });
}

export function cell(change: Partial<CnnCell> = {}): CnnCell {
  return {
    channels: 8,
    activation: 'relu',
    vertices: [{ operation: { op: 'convolution', kernel: 3 }, inputs: [0] }],
    output: [0, 1],
    ...change,
  };
}
