import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../../src/engine/random.ts';
import { pointsAt, rowOf } from '../../../../src/engine/regression/regressor.ts';
import { mean, standardDeviation } from '../../../../src/engine/statistics.ts';
import { inputsOf } from '../../../../src/lab/search/boshnas/inputs.ts';
import { weightsOf } from '../../../../src/lab/search/breathe/breathe.ts';
import { FrontHistory } from '../../../../src/lab/search/breathe/front-history.ts';
import { graphSurrogates } from '../../../../src/lab/search/breathe/graph-surrogates.ts';
import { scalarOf } from '../../../../src/lab/search/points/scalar.ts';
import { gridCandidates } from '../toy.ts';

const candidates = gridCandidates([6, 5, 4]);
const inputs = inputsOf(candidates, [candidates]);
const { points } = inputs;
const truth = (candidate: number) => {
  const [a = 0, b = 0, c = 0] = rowOf(candidates.coordinates, candidate);
  return [Math.sin(3 * a) * (1 + b) + c, (a - 0.4) ** 2 - b];
};
const order = Array.from({ length: candidates.count }, (_, candidate) => candidate);
createRandom(8).shuffle(order);
const [known, others] = [order.slice(0, 30), order.slice(30)];

function fitted(epistemicWeight: number) {
  const history = new FrontHistory();
  for (const candidate of known) {
    history.ask({ candidate, reason: 'initial' });
    history.tell({ candidate, values: [0], objectives: truth(candidate), constraints: [] });
  }
  const weights = weightsOf({ aleatoricWeight: 0, epistemicWeight, constraintOptimism: 1 });
  return graphSurrogates(history, inputs, weights, () => 5)();
}

describe('surrogates of candidates', () => {
  const [means, unsure] = [fitted(0), fitted(1)];

  it('know how far off they are: little at known ones, and elsewhere more, but less than values differ (#22)', () => {
    for (const objective of [0, 1]) {
      const at = (some: readonly number[]) => {
        const asked = pointsAt(points, some);
        const centre = means.optimistic(asked);
        return unsure.optimistic(asked).map((row, i) => {
          const expected = centre[i]?.[objective] as number;
          const error = (truth(some[i] as number)[objective] as number) - expected;
          return { xi: expected - (row[objective] as number), error };
        });
      };
      const [here, elsewhere] = [at(known), at(others)];
      const doubt = (some: typeof here) => mean(some.map(({ xi }) => xi));
      expect(doubt(here)).toBeLessThan(0.5 * doubt(elsewhere));
      const calibration = Math.sqrt(mean(elsewhere.map(({ error, xi }) => (error / xi) ** 2)));
      expect(calibration).toBeLessThan(3);
      const values = others.map((one) => truth(one)[objective] as number);
      expect(doubt(elsewhere)).toBeLessThan(0.5 * standardDeviation(values));
    }
  });

  it('do not learn as kept what breaks a limit that all others keep by much the same (#22)', () => {
    const limitAt = (candidate: number) =>
      rowOf(candidates.coordinates, candidate)[0] === 1 ? 6 : -4 - candidate / 200;
    const history = new FrontHistory();
    for (const candidate of known) {
      history.ask({ candidate, reason: 'initial' });
      history.tell({
        candidate,
        ...{ values: [0], objectives: truth(candidate), constraints: [limitAt(candidate)] },
      });
    }
    const weights = weightsOf({ aleatoricWeight: 0, epistemicWeight: 0, constraintOptimism: 1 });
    const outputs = graphSurrogates(history, inputs, weights, () => 5)();
    const broken = known.filter((candidate) => limitAt(candidate) > 0);
    expect(broken.length).toBeGreaterThan(2);
    for (const [, , limit] of outputs.optimistic(pointsAt(points, broken))) {
      expect(limit).toBeGreaterThan(0);
    }
  });

  it('have the gradient of central differences over coordinates and choices', () => {
    const ranges = { least: [0, -1], range: [2, 2], spread: [] };
    const scalar = scalarOf(ranges, { value: 'tchebycheff', weights: [0.3, 0.7], penalty: 1 });
    const target = unsure.scalar([scalar, scalar]);
    const places = pointsAt(points, others.slice(0, 2)).values.map((x, i) => x + 0.01 * (i % 5));
    target.weights.set(places);
    target.gradient();
    const found = Float64Array.from(target.gradients);
    const sumAt = (values: Float64Array) =>
      unsure
        .optimistic({ values, width: points.width })
        .reduce((sum, row) => sum + scalar.at(row), 0);
    for (const i of places.keys()) {
      const [above, below] = [1e-6, -1e-6].map((by) =>
        sumAt(places.with(i, (places[i] as number) + by)),
      ) as [number, number];
      expect(found[i]).toBeCloseTo((above - below) / 2e-6, 4);
    }
  });
});
