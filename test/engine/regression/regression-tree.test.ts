import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../src/engine/random.ts';
import { growTree, sortPoints } from '../../../src/engine/regression/regression-tree.ts';
import { extent } from '../../../src/engine/statistics.ts';
import { greatestDifference, known, pointsOf, reference } from './reference.ts';

const unlimited = { depth: Number.POSITIVE_INFINITY, leafWeight: 1, tried: 9 };

describe('growTree', () => {
  it.each(reference.trees)(
    'agrees with scikit-learn at depth $depth, leaves of $leafWeight',
    ({ mean, weights, ...options }) => {
      const tree = growTree(
        sortPoints(known.points),
        known.y,
        Float64Array.from(weights),
        { ...options, tried: 4 },
        createRandom(1),
      );
      expect(greatestDifference(tree.predict(known.asked).mean, mean)).toBeLessThan(
        reference.tolerance.trees,
      );
    },
  );

  it('grown to the end gives each point its value back, or the mean of those at the same place', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 4 }), fc.nat(3), fc.nat(9)), { minLength: 1 }),
        (rows) => {
          const points = pointsOf(rows.map(([a, b]) => [a, b]));
          const y = Float64Array.from(rows, ([, , value]) => value);
          const ones = new Float64Array(y.length).fill(1);
          const tree = growTree(sortPoints(points), y, ones, unlimited, createRandom(1));
          const { mean, variance } = tree.predict(points);
          for (const [i, [a, b]] of rows.entries()) {
            const same = rows.filter(([c, d]) => a === c && b === d).map(([, , value]) => value);
            const centre = same.reduce((sum, value) => sum + value, 0) / same.length;
            const squares = same.reduce((sum, value) => sum + (value - centre) ** 2, 0);
            expect(mean[i]).toBeCloseTo(centre, 12);
            expect(variance[i]).toBeCloseTo(squares / same.length, 12);
          }
        },
      ),
      { numRuns: 30 },
    );
  });

  it('counts a point of weight 2 as two points, and one of weight 0 as none', () => {
    const options = { ...unlimited, depth: 3 };
    const rows = reference.x.slice(0, 30);
    const weights = rows.map((_, i) => i % 3);
    const copied = rows.flatMap((row, i) => Array.from({ length: i % 3 }, () => ({ row, i })));
    const y = known.y.subarray(0, 30);
    const weighted = growTree(
      sortPoints(pointsOf(rows)),
      y,
      Float64Array.from(weights),
      options,
      createRandom(1),
    ).predict(known.asked);
    const plain = growTree(
      sortPoints(pointsOf(copied.map(({ row }) => row))),
      Float64Array.from(copied, ({ i }) => y[i] as number),
      new Float64Array(copied.length).fill(1),
      options,
      createRandom(1),
    ).predict(known.asked);
    expect(greatestDifference(weighted.mean, plain.mean)).toBeLessThan(1e-12);
    expect(greatestDifference(weighted.variance, plain.variance)).toBeLessThan(1e-12);
  });

  it('stays within the known values, and tries other coordinates with another seed', () => {
    const grown = (seed: number) =>
      growTree(
        sortPoints(known.points),
        known.y,
        new Float64Array(known.y.length).fill(1),
        { ...unlimited, tried: 1 },
        createRandom(seed),
      ).predict(known.asked).mean;
    const [least, greatest] = extent(known.y);
    expect(extent(grown(1))[0]).toBeGreaterThanOrEqual(least);
    expect(extent(grown(1))[1]).toBeLessThanOrEqual(greatest);
    expect(grown(1)).toEqual(grown(1));
    expect(grown(1)).not.toEqual(grown(2));
  });
});
