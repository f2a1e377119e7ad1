import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../src/engine/random.ts';
import { standardDeviation } from '../../../src/engine/statistics.ts';
import { networkRegressor } from '../../../src/lab/profiler/regressors.ts';

/** Two columns between 0 and 1, a hole in the middle of the first, and what grows with both. */
const random = createRandom(1);
const values = Float64Array.from({ length: 60 }, (_, place) =>
  place % 2 === 0 ? random.uniform() * 0.3 + (place % 4 === 0 ? 0.7 : 0) : random.uniform(),
);
const known = { values, width: 2 };
const y = Float64Array.from({ length: 30 }, (_, row) => {
  const [a = 0, b = 0] = values.subarray(2 * row, 2 * row + 2);
  return 3 * a + b;
});
const told = networkRegressor(known, y, 1).predict(known);

describe('networkRegressor', () => {
  it('tells what it was taught', () => {
    const off = told.mean.map((value, row) => value - (y[row] ?? 0));
    expect(standardDeviation(off)).toBeLessThan(standardDeviation(y) / 5);
  });

  it('does not depend on the units of the columns', () => {
    // Powers of two, so that nothing is rounded otherwise.
    const scaled = values.map((value, place) => (place % 2 === 0 ? 1024 * value : value / 64));
    const points = { values: scaled, width: 2 };
    expect(networkRegressor(points, y, 1).predict(points)).toEqual(told);
  });
});
