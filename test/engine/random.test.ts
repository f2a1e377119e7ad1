import { describe, expect, it } from 'vitest';
import { createRandom, resumeRandom } from '../../src/engine/random.ts';
import { mean, quantile, standardDeviation } from '../../src/engine/statistics.ts';

function draws(count: number, draw: () => number): Float64Array {
  return Float64Array.from({ length: count }, draw);
}

describe('random', () => {
  it('repeats itself for a seed and differs for the next', () => {
    const first = draws(10, createRandom(7).uniform);
    expect(draws(10, createRandom(7).uniform)).toEqual(first);
    expect(draws(10, createRandom(8).uniform)).not.toEqual(first);
    expect(draws(10, createRandom(7 + 2 ** 32).uniform)).not.toEqual(first);
  });

  it('goes on from a state that went through JSON', () => {
    for (const drawn of [0, 1, 2, 5]) {
      const random = createRandom(9);
      for (let i = 0; i < drawn; i++) random.normal();
      const resumed = resumeRandom(JSON.parse(JSON.stringify(random.state())));
      expect(draws(9, resumed.normal)).toEqual(draws(9, random.normal));
      expect(resumed.integer(1000)).toBe(random.integer(1000));
    }
  });

  it('refuses a state that is none', () => {
    expect(() => resumeRandom({ words: [0, 0, 0, 0] })).toThrow(RangeError);
    expect(() => resumeRandom({ words: [1, 2, 3] })).toThrow(RangeError);
  });

  it('gives unrelated streams to neighbouring seeds', () => {
    const n = 20_000;
    const a = draws(n, createRandom(1).normal);
    const b = draws(n, createRandom(2).normal);
    const correlation = mean(a.map((value, i) => value * (b[i] as number)));
    // Four standard errors of a correlation of independent normals.
    expect(Math.abs(correlation)).toBeLessThan(4 / Math.sqrt(n));
  });

  it('draws uniform numbers from [0, 1)', () => {
    const values = draws(100_000, createRandom(3).uniform);
    expect(Math.min(...values.subarray(0, 50_000))).toBeGreaterThanOrEqual(0);
    expect(Math.max(...values.subarray(0, 50_000))).toBeLessThan(1);
    for (const q of [0.01, 0.25, 0.5, 0.75, 0.99]) {
      expect(Math.abs(quantile(values, q) - q)).toBeLessThan(0.007);
    }
  });

  it('draws standard normal numbers', () => {
    const values = draws(200_000, createRandom(4).normal);
    expect(Math.abs(mean(values))).toBeLessThan(0.01);
    expect(Math.abs(standardDeviation(values) - 1)).toBeLessThan(0.01);
    // Quantiles of the normal distribution, e.g. SciPy's norm.ppf.
    const expected = new Map([
      [0.001, -3.090232306167813],
      [0.1, -1.2815515655446004],
      [0.5, 0],
      [0.975, 1.959963984540054],
    ]);
    for (const [q, value] of expected) {
      expect(Math.abs(quantile(values, q) - value)).toBeLessThan(q === 0.001 ? 0.12 : 0.015);
    }
  });

  it('draws integers without favouring the low ones', () => {
    const random = createRandom(5);
    const counts = new Float64Array(7);
    for (let i = 0; i < 70_000; i++) {
      const value = random.integer(7);
      counts[value] = (counts[value] as number) + 1;
    }
    // Chi-squared with 6 degrees of freedom exceeds 27.9 once in ten thousand.
    const chiSquared = counts.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0);
    expect(chiSquared).toBeLessThan(27.9);
  });

  it('draws as evenly below numbers that 32 bits do not hold (#22)', () => {
    const random = createRandom(5);
    // With 32 bits alone the upper two of three parts would be empty, with a remainder of 53 bits the first would be fuller.
    for (const below of [3 * 2 ** 32, 3 * 2 ** 51]) {
      const counts = new Float64Array(3);
      const odd = new Float64Array(2);
      for (let i = 0; i < 30_000; i++) {
        const value = random.integer(below);
        expect(Number.isSafeInteger(value) && value < below).toBe(true);
        const third = Math.floor((3 * value) / below);
        counts[third] = (counts[third] as number) + 1;
        odd[value % 2] = (odd[value % 2] as number) + 1;
      }
      // Chi-squared with 2 degrees of freedom exceeds 18.4 once in ten thousand, with 1 degree 15.1.
      expect(counts.reduce((sum, n) => sum + (n - 10_000) ** 2 / 10_000, 0)).toBeLessThan(18.4);
      expect(odd.reduce((sum, n) => sum + (n - 15_000) ** 2 / 15_000, 0)).toBeLessThan(15.1);
    }
  });

  it('refuses a range of integers that is none', () => {
    for (const below of [0, -1, 1.5, 2 ** 53 + 2, Number.NaN]) {
      expect(() => createRandom(1).integer(below)).toThrow(RangeError);
    }
  });

  it('shuffles every order equally often', () => {
    const random = createRandom(6);
    const counts = new Map<string, number>();
    for (let i = 0; i < 24_000; i++) {
      const items = ['a', 'b', 'c', 'd'];
      random.shuffle(items);
      counts.set(items.join(''), (counts.get(items.join('')) ?? 0) + 1);
    }
    expect(counts.size).toBe(24);
    // Chi-squared with 23 degrees of freedom exceeds 56.5 once in ten thousand.
    const chiSquared = [...counts.values()].reduce((sum, n) => sum + (n - 1000) ** 2 / 1000, 0);
    expect(chiSquared).toBeLessThan(56.5);
  });
});
