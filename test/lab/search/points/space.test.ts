import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../../src/engine/random.ts';
import { rowOf } from '../../../../src/engine/regression/regressor.ts';
import { keyOf, PointSpace, unitSampler } from '../../../../src/lab/search/points/space.ts';
import { mixed, SMALL_LEGAL, small } from './toy-points.ts';

const unit = fc.tuple(...[0, 1, 2].map(() => fc.double({ min: 0, max: 1, noNaN: true })));

describe('a space of points', () => {
  const space = new PointSpace(mixed);

  it('finds each point again from its coordinates and its place in the unit cube', () => {
    fc.assert(
      fc.property(unit, (place) => {
        const point = space.fromUnit(place);
        const again = [
          space.fromUnit(space.toUnit(point)),
          space.snap(rowOf(space.coordinatesOf([point]), 0)),
        ];
        for (const [x = 0, n, option] of again) {
          expect(x).toBeCloseTo(point[0] as number, 9);
          expect([n, option]).toEqual(point.slice(1));
        }
      }),
    );
  });

  it('lists all points of a finite space, and neighbours that are legal', () => {
    const finite = new PointSpace(small);
    const all = [...finite.all()];
    expect(finite.size).toBe(18);
    expect(new Set(all.map(keyOf)).size).toBe(18);
    expect(all.filter((point) => finite.isLegal(point))).toHaveLength(SMALL_LEGAL);
    expect(finite.neighbours([3, 0]).map(keyOf).toSorted()).toEqual(['2,0', '3,2', '4,0']);
    expect(finite.neighbours([0, 1]).map(keyOf).toSorted()).toEqual(['0,0', '0,2', '1,1']);
    expect(space.size).toBe(Number.POSITIVE_INFINITY);
  });

  it('spreads an integer on a log scale over its logarithm', () => {
    const values = [0, 0.25, 0.5, 0.75, 1].map((at) => space.fromUnit([0, at, 0])[1]);
    expect(values).toEqual([1, 3, 8, 23, 64]);
  });

  it('moves to a legal point next to the border', () => {
    const disc = new PointSpace({
      variables: [0, 1].map(() => ({ kind: 'real', least: -1, most: 1 })),
      ...{ objectives: 1, constraints: 0 },
      legal: ([x = 0, y = 0]) => Math.hypot(x, y) <= 0.5,
    });
    const random = createRandom(2);
    fc.assert(
      fc.property(fc.double({ min: 0, max: 6.28, noNaN: true }), (angle) => {
        const illegal = [0.9 * Math.cos(angle), 0.9 * Math.sin(angle)];
        const found = disc.nearestLegal(illegal, random) ?? [];
        const [x = 0, y = 0] = found;
        expect(disc.isLegal(found)).toBe(true);
        expect(Math.hypot(x, y)).toBeGreaterThan(0.4999);
        expect(Math.hypot(x - 0.9 * Math.cos(angle), y - 0.9 * Math.sin(angle))).toBeLessThan(0.6);
      }),
      { numRuns: 30 },
    );
    expect(disc.nearestLegal([0.1, 0.2], random)).toEqual([0.1, 0.2]);
    const none = new PointSpace({ ...mixed, legal: () => false });
    expect(none.nearestLegal([0, 1, 0], random)).toBeUndefined();
  });

  it('draws in more dimensions than the even sequence has', () => {
    const draw = unitSampler(50, createRandom(1));
    const drawn = Array.from({ length: 64 }, draw);
    for (const i of [0, 36, 37, 49]) {
      const mean = drawn.reduce((sum, place) => sum + (place[i] as number), 0) / drawn.length;
      expect(Math.abs(mean - 0.5)).toBeLessThan(0.15);
    }
  });
});
