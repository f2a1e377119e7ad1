import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../src/engine/random.ts';
import { boostedTrees, randomForest } from '../../../src/engine/regression/tree-ensembles.ts';
import { mean } from '../../../src/engine/statistics.ts';
import { greatestDifference, known, pointsOf, reference } from './reference.ts';

const forest = randomForest({ trees: 30, leafPoints: 1, share: 0.7 });
const boosted = boostedTrees({ stages: 40, rate: 0.2, depth: 2, leafPoints: 1, members: 6 });

describe('boostedTrees', () => {
  it.each(reference.boosting)(
    'agrees with scikit-learn after $stages stages of depth $depth',
    ({ mean: expected, ...options }) => {
      const model = boostedTrees({ ...options, members: 1 })(known.points, known.y, 1);
      const { mean: found, epistemic, aleatoric } = model.predict(known.asked);
      expect(greatestDifference(found, expected)).toBeLessThan(reference.tolerance.trees);
      expect(epistemic).toEqual(new Float64Array(found.length));
      const { mean: fitted } = model.predict(known.points);
      const squares = known.y.map((value, i) => (value - (fitted[i] as number)) ** 2);
      expect(aleatoric[0]).toBeCloseTo(Math.sqrt(mean(squares)), 12);
    },
  );
});

describe.each([
  ['randomForest', forest],
  ['boostedTrees', boosted],
] as const)('%s', (_, learn) => {
  it('gives the same for the same seed, and something else for another', () => {
    const predicted = (seed: number) => learn(known.points, known.y, seed).predict(known.asked);
    expect(predicted(1)).toEqual(predicted(1));
    expect(predicted(1).mean).not.toEqual(predicted(2).mean);
  });

  it('predicts better than the mean, on points it has not seen', () => {
    const truth = reference.asked.map(
      ([a = 0, b = 0, c = 0]) => Math.sin(3 * a) + b ** 2 - 0.5 * a * c,
    );
    const centre = mean(known.y);
    const { mean: found } = learn(known.points, known.y, 1).predict(known.asked);
    const error = mean(truth.map((value, i) => (value - (found[i] as number)) ** 2));
    const baseline = mean(truth.map((value) => (value - centre) ** 2));
    expect(error).toBeLessThan(baseline / 3);
  });

  it('is surer where it has seen more', () => {
    const random = createRandom(3);
    const rows = Array.from({ length: 60 }, (_, i) => [
      i < 55 ? random.uniform() : 2 + random.uniform(),
    ]);
    const y = Float64Array.from(rows, ([x = 0]) => Math.sin(8 * x) + 0.05 * random.normal());
    const model = learn(pointsOf(rows), y, 1);
    const spread = (from: number) =>
      mean(
        model.predict(pointsOf(Array.from({ length: 20 }, (_, i) => [from + i / 20]))).epistemic,
      );
    expect(spread(1.4)).toBeGreaterThan(2 * spread(0));
  });

  it('knows nothing else than the one value there is', () => {
    const points = pointsOf([[1], [2], [3]]);
    const { mean, aleatoric, epistemic } = learn(points, Float64Array.of(5, 5, 5), 1).predict(
      points,
    );
    expect([...mean, ...aleatoric, ...epistemic]).toEqual([5, 5, 5, 0, 0, 0, 0, 0, 0]);
  });

  it('refuses values that are not one for each point, or not finite', () => {
    const points = pointsOf([[1], [2]]);
    expect(() => learn(points, Float64Array.of(1), 1)).toThrow(/1 values for 2 points/);
    expect(() => learn(points, Float64Array.of(1, Number.NaN), 1)).toThrow(/not finite/);
  });
});

describe('randomForest', () => {
  it('tells what repeated measurements differ by as aleatoric', () => {
    const rows = Array.from({ length: 40 }, (_, i) => [i % 2]);
    const y = Float64Array.from(rows, ([x = 0], i) => x + (x === 1 ? (i % 4 === 1 ? 1 : -1) : 0));
    const { aleatoric } = forest(pointsOf(rows), y, 1).predict(pointsOf([[0], [1]]));
    expect(aleatoric[0]).toBe(0);
    expect(aleatoric[1]).toBeGreaterThan(0.9);
  });
});
