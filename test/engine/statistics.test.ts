import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  extent,
  leastPlaces,
  mean,
  median,
  quantile,
  quantileOfSorted,
  rankCorrelation,
  sorted,
  standardDeviation,
} from '../../src/engine/statistics.ts';

const finite = fc.array(fc.double({ noNaN: true, min: -1e6, max: 1e6 }), { minLength: 1 });

describe('statistics', () => {
  // numpy.quantile([7, 1, 3, 9, 4], q), .mean(), .std()
  const values = [7, 1, 3, 9, 4];

  it('interpolates quantiles linearly, like NumPy', () => {
    expect(quantile(values, 0)).toBe(1);
    expect(quantile(values, 0.1)).toBeCloseTo(1.8, 12);
    expect(quantile(values, 0.5)).toBe(4);
    expect(quantile(values, 0.9)).toBeCloseTo(8.2, 12);
    expect(quantile(values, 1)).toBe(9);
    expect(median([1, 2])).toBe(1.5);
  });

  it('gives mean and standard deviation of the values themselves', () => {
    expect(mean(values)).toBeCloseTo(4.8, 12);
    expect(standardDeviation(values)).toBeCloseTo(2.8565713714171403, 12);
  });

  it('leaves its input alone', () => {
    expect(sorted(values)).toEqual(Float64Array.of(1, 3, 4, 7, 9));
    median(values);
    expect(values).toEqual([7, 1, 3, 9, 4]);
  });

  it('keeps every quantile between the extremes, and quantiles in order', () => {
    fc.assert(
      fc.property(finite, fc.double({ min: 0, max: 1, noNaN: true }), (list, q) => {
        const [least, greatest] = extent(list);
        const ascending = sorted(list);
        const value = quantileOfSorted(ascending, q);
        expect(value).toBeGreaterThanOrEqual(least);
        expect(value).toBeLessThanOrEqual(greatest);
        expect(quantileOfSorted(ascending, q / 2)).toBeLessThanOrEqual(value);
      }),
    );
  });

  it('refuses nothing at all and quantiles beyond the ends', () => {
    expect(() => mean([])).toThrow(RangeError);
    expect(() => quantile([], 0.5)).toThrow(RangeError);
    expect(() => extent([])).toThrow(RangeError);
    expect(() => quantile(values, 1.1)).toThrow(RangeError);
    expect(() => quantile(values, Number.NaN)).toThrow(RangeError);
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

  it('finds the places of the least values as a stable sort of all has them', () => {
    const few = fc.array(fc.integer({ min: 0, max: 5 }));
    fc.assert(
      fc.property(fc.oneof(few, finite), fc.nat(8), (all, count) => {
        const places = [...all.keys()].sort((a, b) => (all[a] as number) - (all[b] as number));
        expect(leastPlaces(all, count)).toEqual(places.slice(0, count));
      }),
    );
  });
});
