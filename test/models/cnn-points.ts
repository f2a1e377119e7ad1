// Convolutional networks to test with.
import fc from 'fast-check';
import { type CnnCell, type CnnPoint, JOINS, NORMS } from '../../src/models/cnn-design.ts';
import { OPERATIONS } from '../../src/models/cnn-ops.ts';

/** Everything that a searched network may have; the kernel of the last cell is longer than its window of 24 rows leaves. */
export const SEARCHED: CnnPoint = {
  cells: [
    {
      channels: 8,
      activation: 'relu',
      vertices: [
        { operation: { op: 'convolution', kernel: 3 }, inputs: [0] },
        { operation: { op: 'separable' }, inputs: [0], channels: 12 },
        { operation: { op: 'pool', of: 'max' }, inputs: [0] },
        { operation: { op: 'dilated' }, inputs: [1, 2, 3] },
      ],
      output: [0, 2, 4],
    },
    {
      channels: 8,
      activation: 'silu',
      vertices: [
        { operation: { op: 'convolution', kernel: 9 }, inputs: [0] },
        { operation: { op: 'pool', of: 'mean' }, inputs: [0, 1] },
        { operation: { op: 'skip' }, inputs: [1] },
      ],
      output: [2, 3],
      stride: 3,
    },
  ],
  join: 'concatenate',
  norm: 'none',
  pooling: 'attention',
};

export const points: fc.Arbitrary<CnnPoint> = fc.record(
  {
    cells: fc.array(fc.integer({ min: 0, max: 3 }).chain(cellOf), { minLength: 1, maxLength: 2 }),
    join: fc.constantFrom(...JOINS),
    norm: fc.constantFrom(...NORMS),
  },
  { requiredKeys: ['cells'] },
);

/** A cell of so many vertices and one, all of which lead to its output. */
function cellOf(more: number): fc.Arbitrary<CnnCell> {
  const vertices = Array.from({ length: more + 1 }, (_, i) =>
    fc.record(
      {
        operation: fc.constantFrom(...OPERATIONS),
        inputs: fc.uniqueArray(fc.integer({ min: 0, max: i }), { minLength: 1 }),
        channels: fc.constantFrom(4, 6, 8),
      },
      { requiredKeys: ['operation', 'inputs'] },
    ),
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
