import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../../src/engine/random.ts';
import { hypervolume, hypervolumeImprovement } from '../../../../src/lab/search/front.ts';
import { expectedAreaImprovement, type Normal } from '../../../../src/lab/search/points/ehvi.ts';

interface Improvement {
  readonly front: number[][];
  readonly reference: number[];
  readonly means: number[];
  readonly deviations: number[];
  readonly value: number;
}

const { improvements }: { improvements: readonly Improvement[] } = JSON.parse(
  readFileSync(new URL('../../../golden/optimisation.json', import.meta.url), 'utf8'),
);

describe('expected hypervolume improvement', () => {
  it.each(improvements)(
    'is that of quadrature, to 1e-6: $front.length points, deviations $deviations',
    ({ front, reference, means, deviations, value }) => {
      const normals = means.map((mean, j) => ({ mean, deviation: deviations[j] as number }));
      const found = expectedAreaImprovement(front, reference, normals as unknown as Pair);
      expect(Math.abs(found - value)).toBeLessThan(1e-6);
    },
  );

  it('is the improvement itself where nothing is uncertain, and none of a dominated point', () => {
    const front = [
      [0.2, 0.8],
      [0.6, 0.3],
    ];
    const at = (x: number, y: number) =>
      expectedAreaImprovement(
        front,
        [1, 1],
        [
          { mean: x, deviation: 0 },
          { mean: y, deviation: 0 },
        ],
      );
    for (const [x, y] of [
      [0.3, 0.5],
      [0.1, 0.1],
      [0.7, 0.2],
    ] as const) {
      expect(at(x, y)).toBeCloseTo(hypervolumeImprovement(front, [x, y], [1, 1]), 12);
    }
    expect(at(0.7, 0.9)).toBe(0);
  });
});

type Pair = readonly [Normal, Normal];

describe('hypervolume improvement', () => {
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
