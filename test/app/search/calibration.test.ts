import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { calibrationOf } from '../../../src/app/search/calibration.ts';
import { rankCorrelation } from '../../../src/app/search/rank-correlation.ts';
import { createRandom } from '../../../src/engine/random.ts';

const WIDTH = 2;

function evaluations(count: number) {
  const random = createRandom(4);
  const values = Float64Array.from({ length: count * WIDTH }, () => random.uniform());
  const history = Array.from({ length: count }, (_, candidate) => ({
    evaluated: { done: candidate, candidate, accuracy: [], trainS: 0, costs: costs },
    performances: candidate === 3 ? [] : [0.5 + 0.4 * (values[candidate * WIDTH] as number)],
  }));
  return { coordinates: { values, width: WIDTH }, history };
}

const costs = { p50S: 1, p95S: 1, memoryBytes: 1 };

describe('the calibration of a search', () => {
  it('foretells each evaluation but the first ten from those before it', () => {
    const { coordinates, history } = evaluations(26);
    const foretold = calibrationOf(coordinates, history, 1);
    expect(foretold.map(({ candidate }) => candidate)).toEqual(
      Array.from({ length: 15 }, (_, i) => i + 11),
    );
    expect(
      rankCorrelation(
        foretold.map(({ mean }) => mean),
        foretold.map(({ value }) => value),
      ),
    ).toBeGreaterThan(0.6);
    expect(foretold.every(({ deviation }) => deviation > 0)).toBe(true);
    const changed = history.with(25, {
      ...(history[25] as (typeof history)[0]),
      performances: [0],
    });
    const again = calibrationOf(coordinates, changed, 1);
    expect(again.map(({ mean }) => mean)).toEqual(foretold.map(({ mean }) => mean));
  });

  it('is none for a short search', () => {
    const { coordinates, history } = evaluations(11);
    expect(calibrationOf(coordinates, history, 1)).toEqual([]);
  });
});

describe('rank correlation', () => {
  it('is that of SciPy, ties included', () => {
    // scipy.stats.spearmanr([1, 2, 2, 4, 5], [5, 6, 7, 8, 7]).statistic
    expect(rankCorrelation([1, 2, 2, 4, 5], [5, 6, 7, 8, 7])).toBeCloseTo(0.763157894736842, 12);
  });

  it('sees only the order', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: -20, max: 20 }), { minLength: 2 }), (values) => {
        const order = values.map((value) => value ** 3 + 7);
        expect(rankCorrelation(values, order)).toBeCloseTo(1, 12);
        expect(
          rankCorrelation(
            values,
            order.map((value) => -value),
          ),
        ).toBeCloseTo(-1, 12);
      }),
    );
  });
});
