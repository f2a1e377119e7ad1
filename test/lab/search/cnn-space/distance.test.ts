import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cnnKey } from '../../../../src/lab/search/cnn-space/cell-form.ts';
import { authorsCosts, cnnDistancesAmong } from '../../../../src/lab/search/cnn-space/distance.ts';
import { sampleCnns } from '../../../../src/lab/search/cnn-space/enumerate.ts';
import { namedCnnSpaces } from '../../../../src/lab/search/cnn-space/space.ts';
import { type CnnCell, type CnnPoint, cnnPointSchema } from '../../../../src/models/cnn-design.ts';
import { golden } from '../../../golden/read.ts';
import { cell, points } from '../../../models/cnn-points.ts';

const { distances, tolerance } = golden<{
  readonly tolerance: { readonly distance: number };
  readonly distances: readonly {
    readonly a: CnnCell;
    readonly b: CnnCell;
    readonly ours: number;
    readonly authors: number;
  }[];
}>('cnn-cells.json');

const between = (a: CnnPoint, b: CnnPoint): number => cnnDistancesAmong([a, b])(0)[1] as number;

describe('edit distances of cells', () => {
  it('are those of networkx, with our costs and with those of the authors', () => {
    for (const { a, b, ours, authors } of distances) {
      const pair = [a, b].map((one) =>
        cnnPointSchema.parse({ cells: [{ ...one, activation: 'relu' }], join: 'concatenate' }),
      );
      const found = cnnDistancesAmong(pair)(0)[1] as number;
      expect(Math.abs(found - ours)).toBeLessThan(tolerance.distance);
      const theirs = cnnDistancesAmong(pair, authorsCosts)(0)[1] as number;
      expect(Math.abs(theirs - authors)).toBeLessThan(tolerance.distance);
    }
  });
});

describe('edit distances of networks', () => {
  it('are 0 for one key alone, symmetric, and keep the triangle inequality', () => {
    fc.assert(
      fc.property(points, points, points, (a, b, c) => {
        const [ab, ba] = [between(a, b), between(b, a)];
        expect(ab).toBeCloseTo(ba, 9);
        expect(between(a, a)).toBe(0);
        expect(between(a, c)).toBeLessThanOrEqual(ab + between(b, c) + 1e-9);
      }),
      { numRuns: 80 },
    );
    const some = sampleCnns(namedCnnSpaces.get('proof') as never, 200, 3);
    const of = cnnDistancesAmong(some);
    for (const [i, row] of some.map((_, from) => of(from)).entries()) {
      for (const [j, distance] of row.entries()) expect(distance === 0).toBe(i === j);
    }
    expect(new Set(some.map(cnnKey)).size).toBe(200);
  });

  it('count each edit once', () => {
    const one = { cells: [cell()] };
    const at = (change: Partial<CnnCell>, whole: Partial<CnnPoint> = {}) =>
      between(one, { cells: [cell(change)], ...whole });
    expect(at({})).toBe(0);
    expect(at({ vertices: [{ operation: { op: 'convolution', kernel: 5 }, inputs: [0] }] })).toBe(
      3,
    );
    expect(at({ vertices: [{ operation: { op: 'skip' }, inputs: [0] }] })).toBe(6);
    expect(at({ output: [1] })).toBe(1);
    expect(at({ activation: 'silu' })).toBe(2);
    expect(at({ stride: 2 })).toBe(3);
    expect(at({}, { norm: 'none', pooling: 'mean' })).toBe(6);
    // The width of the cell, and with it that of its vertex.
    expect(at({ channels: 16 })).toBe(5);
    expect(between(one, { cells: [cell(), cell()] })).toBe(9 + 9 + 3);
  });
});
