import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  canonicalCnn,
  cnnKey,
  shapeOf,
  shapesOf,
} from '../../../../src/lab/search/cnn-space/cell-form.ts';
import { cellsOf, countCells } from '../../../../src/lab/search/cnn-space/enumerate.ts';
import { readCnnSpace } from '../../../../src/lab/search/cnn-space/space.ts';
import { permutations } from '../../../../src/lab/search/problems/graphs.ts';
import { cnnMacs } from '../../../../src/models/cnn.ts';
import type { CnnCell, CnnPoint } from '../../../../src/models/cnn-design.ts';
import { golden } from '../../../golden/read.ts';
import { cell, points } from '../../../models/cnn-points.ts';

const { classes } = golden<{
  readonly classes: readonly {
    readonly vertices: number;
    readonly ops: readonly string[];
    readonly count: number;
  }[];
}>('cnn-cells.json');

/** The same cell with its vertices numbered otherwise: `order` lists the old ones; undefined if one would read a later one. */
function renumbered(cell: CnnCell, order: readonly number[]): CnnCell | undefined {
  const placeOf = (place: number): number => (place === 0 ? 0 : order.indexOf(place - 1) + 1);
  const vertices = order.map((old) => {
    const vertex = cell.vertices[old] as CnnCell['vertices'][number];
    return { ...vertex, inputs: vertex.inputs.map(placeOf).reverse() };
  });
  const isLegal = vertices.every(({ inputs }, i) => inputs.every((input) => input <= i));
  return isLegal ? { ...cell, vertices, output: cell.output.map(placeOf).reverse() } : undefined;
}

function renumberings(point: CnnPoint): readonly CnnPoint[] {
  const [first, ...rest] = point.cells as [CnnCell, ...CnnCell[]];
  const orders = permutations(first.vertices.map((_, i) => i));
  return orders.flatMap((order) => {
    const other = renumbered(first, order);
    return other ? [{ ...point, cells: [other, ...rest] }] : [];
  });
}

describe('shapes of cells', () => {
  it('are as many as there are graphs up to isomorphism', () => {
    // 98 of three vertices: networkx, with one operation.
    expect([1, 2, 3].map((vertices) => shapesOf(vertices).length)).toEqual([2, 10, 98]);
  });

  it('have automorphisms that form a group', () => {
    for (const shape of shapesOf(3)) {
      const known = new Set(shape.automorphisms.map(String));
      expect(known).toContain('0,1,2');
      for (const a of shape.automorphisms) {
        for (const b of shape.automorphisms) {
          expect(known).toContain(String(a.map((place) => b[place])));
        }
      }
    }
  });
});

describe('cells', () => {
  it.each(classes)(
    'of $vertices vertices over $ops are $count, as networkx counts them: by enumeration and by Burnside',
    ({ vertices, ops, count }) => {
      const space = readCnnSpace({ family: 'cnn', vertices: [vertices], ops });
      expect(countCells(space, { join: 'concatenate' }).all).toBe(count);
      const cells = cellsOf(space, 'concatenate');
      expect(cells).toHaveLength(count);
      const keys = cells.map((one) => cnnKey({ cells: [{ ...one, activation: 'relu' }] }));
      expect(new Set(keys).size).toBe(count);
    },
  );
});

describe('the key of a network', () => {
  it('is one for all numberings of the vertices, of a form that is a fixed point', () => {
    fc.assert(
      fc.property(points, (point) => {
        const key = cnnKey(point);
        for (const other of renumberings(point)) expect(cnnKey(other)).toBe(key);
        const form = canonicalCnn(point);
        expect(cnnKey(form)).toBe(key);
        expect(canonicalCnn(form)).toEqual(form);
      }),
      { numRuns: 60 },
    );
  });

  it('keeps what the network computes', () => {
    const shape = { rows: 16, width: 3 };
    fc.assert(
      fc.property(points, (point) => {
        expect(cnnMacs(canonicalCnn(point), shape)).toBe(cnnMacs(point, shape));
      }),
      { numRuns: 60 },
    );
  });

  it('tells apart whatever the network uses, and only that', () => {
    const skip = { operation: { op: 'skip' as const }, inputs: [0] };
    const of = (change: Partial<CnnCell>, whole: Partial<CnnPoint> = {}) =>
      cnnKey({ cells: [cell({ output: [1], ...change })], ...whole });
    expect(of({})).toBe('8.relu:convolution-3(0)>1');
    expect(of({ activation: 'silu' })).toBe('8.silu:convolution-3(0)>1');
    expect(of({ activation: 'silu', vertices: [skip] })).toBe('8:skip(0)>1');
    expect(of({ vertices: [skip] }, { norm: 'none' })).toBe('8:skip(0)>1');
    expect(of({}, { norm: 'none' })).toBe('8.relu:convolution-3(0)>1;no norm');
    expect(of({}, { join: 'concatenate' })).toBe('8.relu:convolution-3(0)>1');
    expect(of({ output: [0, 1] }, { join: 'concatenate' })).toBe(
      '8.relu:convolution-3(0)>0,1;concatenate',
    );
    expect(of({ stride: 2 }, { pooling: 'mean' })).toBe('8.relu/2:convolution-3(0)>1;mean');
    // The first is raised, as both feed one sum; a pool has no channels of its own.
    const wide = { ...skip, channels: 16 };
    const pool = { operation: { op: 'pool' as const, of: 'max' as const }, inputs: [1, 2] };
    expect(of({ vertices: [skip, wide, { ...pool, channels: 32 }], output: [3] })).toBe(
      '8:skip*16(0)+skip*16(0)+pool-max(1,2)>3',
    );
  });

  it('is of cells alone whose vertices stand in an order', () => {
    expect(shapeOf(cell({ output: [1, 0] })).output).toEqual([0, 1]);
    const late = cell({ vertices: [{ operation: { op: 'skip' }, inputs: [1] }] });
    expect(() => cnnKey({ cells: [late] })).toThrow(RangeError);
  });
});
