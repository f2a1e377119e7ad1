import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../../src/engine/random.ts';
import {
  additiveTrend,
  linearTrend,
} from '../../../../src/engine/regression/heteroscedastic/trends.ts';
import { mean } from '../../../../src/engine/statistics.ts';
import { known, pointsOf, reference } from '../reference.ts';

/** A column for each option of each place. */
function oneHot(rows: readonly (readonly number[])[], sizes: readonly number[]): number[] {
  return rows.flatMap((row) =>
    sizes.flatMap((size, place) =>
      Array.from({ length: size }, (_, option) => Number(option === row[place])),
    ),
  );
}

const SIZES = [3, 4] as const;
const WIDTH = 7;

function choicesOf(rows: readonly (readonly number[])[]) {
  return { values: Float64Array.from(oneHot(rows, SIZES)), width: WIDTH };
}

const all = [0, 1, 2].flatMap((a) => [0, 1, 2, 3].map((b) => [a, b]));

/** Solves A x = b by elimination. */
function solved(a: readonly (readonly number[])[], b: readonly number[]): number[] {
  const rows = a.map((row, i) => [...row, b[i] as number]);
  for (let k = 0; k < rows.length; k++) {
    const pivot = rows[k] as number[];
    for (const [i, row] of rows.entries()) {
      if (i === k) continue;
      const factor = (row[k] as number) / (pivot[k] as number);
      for (let j = k; j < row.length; j++)
        row[j] = (row[j] as number) - factor * (pivot[j] as number);
    }
  }
  return rows.map((row, i) => (row.at(-1) as number) / (row[i] as number));
}

describe('additive trend', () => {
  const random = createRandom(3);
  const known = [...all, ...all].slice(0, 17);
  const effects = (a = 0, b = 0) => ([0, 2, -1][a] as number) + ([0, 1, 3, -2][b] as number);
  const y = Float64Array.from(known, ([a, b]) => 5 + effects(a, b) + 0.2 * random.normal());
  const trend = additiveTrend(choicesOf(known), y, [WIDTH]);
  const asked = choicesOf(all);
  const found = trend.at(asked.values);

  it('finds what each option adds', () => {
    all.forEach(([a, b], i) => {
      expect(Math.abs((found.mean[i] as number) - 5 - effects(a, b))).toBeLessThan(0.7);
    });
  });

  // The same by the weights instead of by the points, where each column has a worth of variance v / 2.
  it('is Bayesian linear regression: posterior mean and variance of the weights, to 1e-9', () => {
    const rows = known.map((row) => oneHot([row], SIZES));
    const values = y.map((value) => value - mean(y));
    const fits = [0.03, 0.1, 0.4, 1.5, 6].map((ratio) => {
      const gram = rows[0]?.map((_, c) =>
        (rows[0] as number[]).map(
          (_, d) =>
            rows.reduce((sum, row) => sum + (row[c] as number) * (row[d] as number), 0) / 2 +
            (c === d ? ratio : 0),
        ),
      ) as number[][];
      const dot = (a: readonly number[], b: readonly number[]) =>
        a.reduce((sum, value, i) => sum + value * (b[i] as number), 0);
      const kernel = rows.map((one, i) =>
        rows.map((other, j) => dot(one, other) / 2 + (i === j ? ratio : 0)),
      );
      const told = solved(kernel, [...values]);
      const variance = dot(told, [...values]) / values.length;
      return { ratio, gram, variance, likelihood: likelihoodOf(kernel, variance) };
    });
    const { ratio, gram, variance } = fits.reduce((a, b) => (b.likelihood > a.likelihood ? b : a));
    const moments = (rows[0] as number[]).map((_, c) =>
      rows.reduce((sum, row, i) => sum + (row[c] as number) * (values[i] as number), 0),
    );
    const worth = solved(gram, moments);
    all.forEach((choice, i) => {
      const point = oneHot([choice], SIZES);
      const expected = point.reduce((sum, x, c) => sum + (x * (worth[c] as number)) / 2, mean(y));
      expect(Math.abs((found.mean[i] as number) - expected)).toBeLessThan(1e-9);
      const spread = solved(gram, point).reduce((sum, w, c) => sum + w * (point[c] as number), 0);
      const doubt = Math.sqrt((variance * ratio * spread) / 2);
      expect(Math.abs((found.doubt[i] as number) - doubt)).toBeLessThan(1e-9);
    });
  });

  it('doubts most what it has seen least', () => {
    const once = additiveTrend(
      choicesOf([
        [0, 0],
        [0, 1],
        [0, 0],
        [1, 1],
        [0, 1],
        [1, 0],
      ]),
      Float64Array.of(1, 2, 1.1, 4, 2.2, 3),
      [WIDTH],
    );
    const { doubt } = once.at(
      choicesOf([
        [0, 0],
        [1, 0],
        [2, 0],
        [2, 3],
      ]).values,
    );
    for (let i = 1; i < doubt.length; i++) {
      expect(doubt[i]).toBeGreaterThan((doubt[i - 1] as number) * 1.05);
    }
  });

  it('has the gradient of its mean and its doubt', () => {
    const places = Float64Array.from({ length: 2 * WIDTH }, () => random.uniform());
    const weights = Float64Array.of(0.7, -1.3);
    const worth = (values: Float64Array) => {
      const { mean: means, doubt } = trend.at(values);
      return means.reduce(
        (sum, m, i) => sum + m + (weights[i] as number) * (doubt[i] as number),
        0,
      );
    };
    const slopes = trend.at(places).gradient(weights);
    slopes.forEach((slope, i) => {
      const [above, below] = [1e-5, -1e-5].map((step) =>
        worth(places.with(i, (places[i] as number) + step)),
      );
      expect(slope).toBeCloseTo(((above as number) - (below as number)) / 2e-5, 6);
    });
  });

  // Were the shares fixed, the values would not change how the two doubts compare.
  it('doubts more in that of two parts which decides', () => {
    const seen = [0, 1].flatMap((a) => [0, 1, 2].map((b) => [a, b]));
    const unseen = choicesOf([
      [2, 0],
      [0, 3],
    ]);
    const secondOverFirst = (by: 0 | 1) => {
      const y = Float64Array.from(seen, (choices) => 3 * (choices[by] as number));
      const { doubt } = additiveTrend(choicesOf(seen), y, [3, 4]).at(unseen.values);
      return (doubt[1] as number) / (doubt[0] as number);
    };
    expect(secondOverFirst(1)).toBeGreaterThan(2 * secondOverFirst(0));
  });

  it('stands where all values are alike, and refuses a third part', () => {
    const flat = additiveTrend(choicesOf(all), new Float64Array(all.length).fill(2), [WIDTH]);
    expect([...flat.at(asked.values).mean]).toEqual(all.map(() => 2));
    expect(() => additiveTrend(asked, new Float64Array(all.length), [3, 3, 1])).toThrow(RangeError);
  });
});

/** Of the values given their covariance but for a factor, that is the likeliest one. */
function likelihoodOf(kernel: readonly (readonly number[])[], variance: number): number {
  const rows = kernel.map((row) => [...row]);
  let logDeterminant = 0;
  for (const [k, pivot] of rows.entries()) {
    logDeterminant += Math.log(pivot[k] as number);
    for (const row of rows.slice(k + 1)) {
      const factor = (row[k] as number) / (pivot[k] as number);
      for (let j = k; j < row.length; j++)
        row[j] = (row[j] as number) - factor * (pivot[j] as number);
    }
  }
  return -(logDeterminant + rows.length * Math.log(variance)) / 2;
}

describe('linear trend', () => {
  it.each(reference.trends)(
    'is that of scikit-learn with the ridge that leave-one-out chooses, of $rows points',
    (expected) => {
      const trend = linearTrend(
        pointsOf(reference.x.slice(0, expected.rows)),
        known.y.slice(0, expected.rows),
      );
      const { trends: tolerance } = reference.tolerance;
      trend.slopes.forEach((slope, e) => {
        expect(Math.abs(slope - (expected.slopes[e] as number))).toBeLessThan(tolerance);
      });
      trend.at(known.asked.values).mean.forEach((value, i) => {
        expect(Math.abs(value - (expected.mean[i] as number))).toBeLessThan(tolerance);
      });
    },
  );

  it('is flat where there is one point, or all are alike in a coordinate', () => {
    expect([
      ...linearTrend(pointsOf([[2, 3]]), Float64Array.of(7)).at(Float64Array.of(0, 9)).mean,
    ]).toEqual([7]);
    const { slopes } = linearTrend(
      pointsOf([
        [0, 1],
        [1, 1],
        [2, 1],
        [3, 1],
      ]),
      Float64Array.of(0, 1, 2, 3),
    );
    expect(slopes[0]).toBeGreaterThan(0.9);
    expect(slopes[1]).toBe(0);
  });
});
