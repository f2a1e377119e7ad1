import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../src/engine/random.ts';
import {
  crowdingDistances,
  hypervolume,
  hypervolumeImprovement,
  nonDominatedSort,
  paretoFront,
} from '../../../src/lab/search/front.ts';

/** Few values, so that points are often equal in something. */
const points = (objectives: number, maxLength = 12) =>
  fc.array(
    fc.array(fc.integer({ min: 0, max: 5 }), { minLength: objectives, maxLength: objectives }),
    { maxLength },
  );

const dominates = (one: readonly number[], other: readonly number[]) =>
  one.every((value, i) => value <= (other[i] as number)) && one.join() !== other.join();

describe('paretoFront', () => {
  it('holds no dominated point, and all others', () => {
    fc.assert(
      fc.property(points(3), (some) => {
        const front = new Set(paretoFront(some));
        for (const [i, point] of some.entries()) {
          expect(front.has(i)).toBe(!some.some((other) => dominates(other, point)));
        }
      }),
      { numRuns: 50 },
    );
  });
});

describe('nonDominatedSort', () => {
  it('puts each point behind a front that has one that dominates it, and into the first such place', () => {
    fc.assert(
      fc.property(points(2), (some) => {
        const fronts = nonDominatedSort(some);
        expect(fronts.flat().sort((a, b) => a - b)).toEqual([...some.keys()]);
        if (some.length > 0) expect(fronts[0]).toEqual(paretoFront(some));
        const dominated = (i: number, front: readonly number[] = []) =>
          front.some((j) => dominates(some[j] as number[], some[i] as number[]));
        const places = fronts.flatMap((front, rank) => front.map((i) => [i, rank] as const));
        for (const [i, rank] of places) {
          expect(dominated(i, fronts[rank])).toBe(false);
          expect(dominated(i, fronts[rank - 1])).toBe(rank > 0);
        }
      }),
      { numRuns: 50 },
    );
  });
});

describe('crowdingDistances', () => {
  it('adds the gaps around each point as shares of the extent, and keeps the ends', () => {
    const front = [
      [0, 10],
      [1, 6],
      [2, 4],
      [4, 0],
    ];
    expect([...crowdingDistances(front)]).toEqual([
      Number.POSITIVE_INFINITY,
      (2 - 0) / 4 + (10 - 4) / 10,
      (4 - 1) / 4 + (6 - 0) / 10,
      Number.POSITIVE_INFINITY,
    ]);
  });

  it('stands points that are all the same', () => {
    const [, middle] = crowdingDistances([[1], [1], [1]]);
    expect(middle).toBe(0);
  });
});

describe('hypervolume', () => {
  /** Points of a known front, many enough for its closed form. */
  const curve = (second: (x: number) => number, count: number) =>
    Array.from({ length: count + 1 }, (_, i) => [i / count, second(i / count)]);

  it.each([
    ['ZDT1', (x: number) => 1 - Math.sqrt(x), [11, 11], 121 - 1 / 3],
    ['ZDT2', (x: number) => 1 - x ** 2, [11, 11], 121 - 2 / 3],
    ['ZDT1, near', (x: number) => 1 - Math.sqrt(x), [1.1, 1.1], 0.87667],
    ['DTLZ2', (x: number) => Math.sqrt(1 - x ** 2), [1.1, 1.1], 1.21 - Math.PI / 4],
  ] as const)('approaches the closed form of %s', (_, second, reference, expected) => {
    expect(hypervolume(curve(second, 5000), reference)).toBeCloseTo(expected, 2);
  });

  it('of three objectives approaches the part of a cube that a sphere does not take', () => {
    const steps = 9;
    const sphere = Array.from({ length: steps * steps }, (_, i) => {
      const [a, b] = [Math.floor(i / steps), i % steps].map(
        (k) => (k / (steps - 1)) * (Math.PI / 2),
      ) as [number, number];
      return [Math.cos(a) * Math.cos(b), Math.cos(a) * Math.sin(b), Math.sin(a)];
    });
    const exact = 1.1 ** 3 - Math.PI / 6;
    expect(hypervolume(sphere, [1.1, 1.1, 1.1])).toBeGreaterThan(exact * 0.9);
    expect(hypervolume(sphere, [1.1, 1.1, 1.1])).toBeLessThan(exact);
  });

  it('counts each unit cell that a point commands once, in one to four objectives', () => {
    for (const objectives of [1, 2, 3, 4]) {
      fc.assert(
        fc.property(points(objectives, 7), (some) => {
          const limit = 5;
          const cells = Array.from({ length: limit ** objectives }, (_, i) =>
            Array.from({ length: objectives }, (_, k) => Math.floor(i / limit ** k) % limit),
          );
          const commanded = cells.filter((cell) =>
            some.some((point) => point.every((value, k) => value <= (cell[k] as number))),
          );
          expect(hypervolume(some, new Array(objectives).fill(limit))).toBe(commanded.length);
        }),
        { numRuns: 30 },
      );
    }
  });

  it('of four objectives agrees with darts thrown at the box', () => {
    const random = createRandom(4);
    const draw = () => Array.from({ length: 4 }, () => random.uniform());
    const some = Array.from({ length: 6 }, draw);
    const darts = Array.from({ length: 20_000 }, draw);
    const hits = darts.filter((dart) =>
      some.some((point) => point.every((value, k) => value <= (dart[k] as number))),
    ).length;
    expect(Math.abs(hypervolume(some, [1, 1, 1, 1]) - hits / darts.length)).toBeLessThan(0.02);
  });

  it('is nothing for points that are not better than the reference in everything', () => {
    expect(hypervolume([[0, 3]], [3, 3])).toBe(0);
    expect(hypervolume([], [3, 3])).toBe(0);
  });
});

describe('hypervolumeImprovement', () => {
  it('is the difference of the hypervolumes with and without the point', () => {
    const random = createRandom(8);
    const point = () => [0, 1, 2].map(() => 1.2 * random.uniform());
    for (let i = 0; i < 40; i++) {
      const front = Array.from({ length: 6 }, point);
      const more = point();
      const difference = hypervolume([...front, more], [1, 1, 1]) - hypervolume(front, [1, 1, 1]);
      expect(hypervolumeImprovement(front, more, [1, 1, 1])).toBeCloseTo(difference, 12);
    }
  });
});
