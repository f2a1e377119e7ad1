import { describe, expect, it } from 'vitest';
import { logDensity, withPresence } from '../../../../src/lab/search/rivals/tpe.ts';
import { gridCandidates } from '../toy.ts';

describe('logDensity', () => {
  it('is the product of the shares of the options, with the prior in each count', () => {
    const { choices, find } = gridCandidates([2, 3]);
    const sample = [find([0, 0]), find([0, 2]), find([1, 2])] as number[];
    const density = logDensity(choices, sample, 1);
    expect(Math.exp(density(find([0, 2]) as number))).toBeCloseTo((3 / 5) * (3 / 6), 12);
    expect(Math.exp(density(find([1, 1]) as number))).toBeCloseTo((2 / 5) * (1 / 6), 12);
  });

  it('counts an option among those that have its place', () => {
    const { choices, find } = gridCandidates([2, 2], { short: 1 });
    const sample = [find([0, -1]), find([0, -1]), find([1, 1])] as number[];
    const density = logDensity(choices, sample, 1);
    expect(Math.exp(density(find([1, 1]) as number))).toBeCloseTo((2 / 5) * (2 / 3), 12);
    expect(Math.exp(density(find([0, -1]) as number))).toBeCloseTo(3 / 5, 12);
  });
});

describe('withPresence', () => {
  it('adds one choice that tells which places are there', () => {
    const { choices, count } = gridCandidates([3, 2], { short: 1 });
    const { sizes, values } = withPresence(choices);
    expect(sizes).toEqual([3, 2, 2]);
    const rows = Array.from({ length: count }, (_, i) => [...values.subarray(3 * i, 3 * i + 3)]);
    expect(rows).toEqual([
      [0, -1, 0],
      [1, 0, 1],
      [1, 1, 1],
      [2, 0, 1],
      [2, 1, 1],
    ]);
  });
});
