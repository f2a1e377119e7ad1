import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../../src/engine/random.ts';
import { surrogatesOf } from '../../../../src/lab/search/breathe/surrogates.ts';
import { PointHistory } from '../../../../src/lab/search/points/history.ts';
import { scalarOf } from '../../../../src/lab/search/points/scalar.ts';

const problem = {
  variables: [
    { kind: 'real', least: 0, most: 1 },
    { kind: 'real', least: 0, most: 1 },
    { kind: 'choice', options: 2 },
  ],
  ...{ objectives: 2, constraints: 1 },
} as const;

const certain = weightsOf(0);
const unsure = weightsOf(1);

function weightsOf(epistemic: number) {
  const own = { aleatoric: 0, epistemic };
  return { objectives: own, constraints: own };
}

function fitted() {
  const history = new PointHistory(problem, createRandom(3));
  for (let i = 0; i < 30; i++) {
    const point = history.drawFresh() as readonly number[];
    history.ask({ point, reason: 'initial' });
    const [x = 0, y = 0, option = 0] = point;
    const objectives = [100 * (x - 0.3) ** 2 + option, y - Math.sin(3 * x)];
    history.tell({ point, runs: [{ objectives, constraints: [0.6 - x - y] }] });
  }
  const random = createRandom(5);
  const space = history.space.coordinatesOf(history.evaluated.map(({ point }) => point));
  const own = { aleatoric: 0.5, epistemic: 0.5 };
  const weights = { objectives: own, constraints: { aleatoric: 0.2, epistemic: 0.8 } };
  return {
    history,
    outputs: surrogatesOf(history, space, weights, () => random.integer(99)).current(),
  };
}

describe('surrogates', () => {
  const { history, outputs } = fitted();
  const places = Float64Array.of(
    ...[0.2, 0.7, 1, 0],
    ...[0.8, 0.1, 0, 1],
    ...[0.4, 0.35, 0.3, 0.6], // on no option
  );
  const rows = 3;
  const ranges = { least: [0, -1], range: [50, 2], spread: [0.4] };

  it.each(['tchebycheff', 'convex'] as const)(
    'has the gradient of central differences for the sum of the acquisitions: %s',
    (value) => {
      const scalar = scalarOf(ranges, { value, weights: [0.6, 0.4], penalty: 3 });
      const target = outputs.scalar(new Array(rows).fill(scalar));
      target.weights.set(places);
      target.gradient();
      const found = Float64Array.from(target.gradients);
      const sumAt = (x: Float64Array) =>
        outputs.optimistic({ values: x, width: 4 }).reduce((sum, row) => sum + scalar.at(row), 0);
      const step = 1e-6;
      for (const i of places.keys()) {
        const beside = [step, -step].map((by) => {
          const moved = places.slice();
          moved[i] = (moved[i] as number) + by;
          return sumAt(moved);
        }) as [number, number];
        expect(found[i]).toBeCloseTo((beside[0] - beside[1]) / (2 * step), 4);
      }
      expect(Math.max(...found.map(Math.abs))).toBeGreaterThan(0.1);
    },
  );

  it('predicts what it has learned, lower than that for being uncertain', () => {
    const known = history.space.coordinatesOf(history.evaluated.map(({ point }) => point));
    const predicted = outputs.optimistic(known);
    const errors = history.evaluated.map(
      ({ constraints }, row) => (predicted[row]?.[2] as number) - (constraints[0] as number),
    );
    const mean = errors.reduce((sum, error) => sum + error, 0) / errors.length;
    expect(mean).toBeLessThan(0);
    expect(mean).toBeGreaterThan(-0.3);
  });

  it('does not learn as kept what breaks a constraint that all others keep by much the same (#22)', () => {
    const history = new PointHistory(problem, createRandom(3));
    const limitAt = ([x = 0, y = 0]: readonly number[]) => (x < 0.7 ? -4 - 0.5 * y : 6);
    for (let i = 0; i < 30; i++) {
      const point = history.drawFresh() as readonly number[];
      history.ask({ point, reason: 'initial' });
      history.tell({ point, runs: [{ objectives: [0, 0], constraints: [limitAt(point)] }] });
    }
    const all = history.evaluated.map(({ point }) => point);
    const space = history.space.coordinatesOf(all);
    const outputs = surrogatesOf(history, space, certain, () => 5).current();
    const broken = all.filter((point) => limitAt(point) > 0);
    expect(broken.length).toBeGreaterThan(4);
    for (const [, , limit] of outputs.optimistic(history.space.coordinatesOf(broken))) {
      expect(limit).toBeGreaterThan(0);
    }
  });

  it('knows how far off it is: little at known points, and as much elsewhere as its errors are (#22)', () => {
    const { space, evaluated } = history;
    const random = createRandom(11);
    const places = Array.from({ length: 60 }, () =>
      space.fromUnit([0, 1, 2].map(() => random.uniform())),
    );
    // Of the second objective: xi is what separates its optimistic value from its mean.
    const known = surrogatesOf(history, space.coordinatesOf(places), certain, () => 5).current();
    const doubtful = surrogatesOf(history, space.coordinatesOf(places), unsure, () => 5).current();
    const doubtAt = (some: readonly (readonly number[])[]) => {
      const points = space.coordinatesOf(some);
      const means = known.optimistic(points);
      return doubtful.optimistic(points).map((row, i) => ({
        mean: means[i]?.[1] as number,
        xi: (means[i]?.[1] as number) - (row[1] as number),
      }));
    };
    const average = (values: readonly number[]) =>
      values.reduce((sum, value) => sum + value, 0) / values.length;
    const elsewhere = doubtAt(places);
    const here = doubtAt(evaluated.map(({ point }) => point));
    expect(average(here.map(({ xi }) => xi))).toBeLessThan(
      0.8 * average(elsewhere.map(({ xi }) => xi)),
    );
    const ratios = elsewhere.map(({ mean, xi }, i) => {
      const [x = 0, y = 0] = places[i] as readonly number[];
      return ((y - Math.sin(3 * x) - mean) / xi) ** 2;
    });
    const calibration = Math.sqrt(average(ratios));
    expect(calibration).toBeGreaterThan(0.1);
    expect(calibration).toBeLessThan(5);
  });
});
