import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../src/engine/random.ts';
import { mean } from '../../../src/engine/statistics.ts';
import { expectedImprovements, openRegion } from '../../../src/lab/search/expected-hypervolume.ts';
import { hypervolume } from '../../../src/lab/search/front.ts';
import { golden } from '../../golden/read.ts';

interface Case {
  readonly front: number[][];
  readonly reference: number[];
  readonly mean: number[];
  readonly deviation: number[];
  readonly value: number;
}

const { improvements, improvementTolerance } = golden<{
  improvements: readonly Case[];
  improvementTolerance: number;
}>('optimisation.json');

function expectedBy({ front, reference, ...normal }: Omit<Case, 'value'>): number {
  const objectives = normal.mean.map((value, j) => ({
    mean: Float64Array.of(value),
    deviation: Float64Array.of(normal.deviation[j] as number),
  }));
  return expectedImprovements(openRegion(front, reference), objectives)[0] as number;
}

const gain = (front: readonly number[][], reference: readonly number[], y: readonly number[]) =>
  hypervolume([...front, y], reference) - hypervolume(front, reference);

describe('expected hypervolume improvement', () => {
  it.each(improvements)(
    'is that of quadrature: $front.length points, deviations $deviation',
    ({ value, ...rest }) => {
      expect(Math.abs(expectedBy(rest) - value)).toBeLessThan(improvementTolerance);
    },
  );

  it('is none of a dominated point that is certain', () => {
    const front = [
      [0.2, 0.8],
      [0.6, 0.3],
    ];
    expect(expectedBy({ front, reference: [1, 1], mean: [0.7, 0.9], deviation: [0, 0] })).toBe(0);
  });

  it('is the improvement itself where nothing is uncertain, for one to four objectives', () => {
    const level = fc.integer({ min: 0, max: 6 }); // few levels: many ties
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 4 }).chain((count) => {
          const point = fc.array(level, { minLength: count, maxLength: count });
          return fc.tuple(fc.array(point, { maxLength: 7 }), point);
        }),
        ([front, y]) => {
          const reference = y.map(() => 5);
          const found = expectedBy({ front, reference, mean: y, deviation: y.map(() => 0) });
          expect(found).toBeCloseTo(gain(front, reference, y), 9);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('is the mean improvement of draws, for three objectives', () => {
    const front = [
      [1, 2, 3],
      [3, 1, 2],
      [2, 3, 1],
    ];
    const [reference, at, deviation] = [
      [4, 4, 4],
      [2, 2.5, 1.5],
      [0.5, 0.4, 0.7],
    ];
    const random = createRandom(5);
    const draws = Array.from({ length: 4000 }, () =>
      gain(
        front,
        reference,
        at.map((value, j) => value + (deviation[j] as number) * random.normal()),
      ),
    );
    const found = expectedBy({ front, reference, mean: at, deviation });
    // Standard error of the mean of the draws: about 0.016.
    expect(Math.abs(found - mean(draws))).toBeLessThan(0.05);
  });
});
