import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SizeHistogram } from '../../../../src/lab/compression/dynatran/histogram.ts';

const sizes = fc.array(fc.double({ min: 0, max: 50, noNaN: true }), {
  minLength: 1,
  maxLength: 300,
});

function histogramOf(values: readonly number[]): SizeHistogram {
  const histogram = new SizeHistogram();
  for (const value of values) histogram.add(value);
  return histogram;
}

describe('a histogram of sizes', () => {
  it('tells the share below any threshold as exactly as its bins are narrow', () => {
    fc.assert(
      fc.property(sizes, fc.double({ min: 0, max: 60, noNaN: true }), (values, threshold) => {
        const found = histogramOf(values).shareBelow(threshold);
        // a bin is 1.1 wide
        const below = (limit: number) => values.filter((x) => x <= limit).length / values.length;
        expect(found).toBeGreaterThanOrEqual(below(threshold / 1.1) - 1e-9);
        expect(found).toBeLessThanOrEqual(below(threshold * 1.1 + 1e-12) + 1e-9);
      }),
    );
  });

  it('grows with the threshold, from nothing to all', () => {
    fc.assert(
      fc.property(sizes, (values) => {
        const histogram = histogramOf(values);
        const shares = [-1, 0, 1e-9, 0.01, 0.3, 1, 7, 60].map((at) => histogram.shareBelow(at));
        expect(shares).toEqual([...shares].sort((a, b) => a - b));
        expect([shares[0], shares.at(-1)]).toEqual([0, 1]);
      }),
    );
  });

  it('finds the threshold of a share', () => {
    fc.assert(
      fc.property(sizes, fc.double({ min: 0, max: 1, noNaN: true }), (values, share) => {
        const histogram = histogramOf(values.map((value) => value + 0.1));
        expect(histogram.shareBelow(histogram.quantile(share))).toBeCloseTo(share, 9);
      }),
    );
  });

  it('weighs the lost squares', () => {
    const histogram = histogramOf([0, 1, 2, 4]);
    expect(histogram.energyBelow(3)).toBeCloseTo(5 / 21, 12);
    expect(histogram.energyBelow(100)).toBe(1);
    expect(new SizeHistogram().shareBelow(1)).toBe(0);
  });
});
