import { describe, expect, it } from 'vitest';
import { pairsOf } from '../../../src/lab/search/pairs.ts';
import { someOf } from '../../../src/lab/search/some-of.ts';
import { gridCandidates } from './toy.ts';

const grid = gridCandidates([3, 4]);
const numbers = [11, 0, 1, 7];
const some = someOf(grid, numbers);

describe('some of the candidates', () => {
  it('ask the same in the same places', () => {
    const kinds = [0, 0];
    const alike = { ...grid, choices: { ...grid.choices, kinds } };
    expect(someOf(alike, numbers).choices.kinds).toEqual(kinds);
  });

  it('are what they were, by other numbers', () => {
    expect(some.count).toBe(4);
    for (const [place, number] of numbers.entries()) {
      const row = grid.choices.values.subarray(2 * number, 2 * number + 2);
      expect(some.choices.values.subarray(2 * place, 2 * place + 2)).toEqual(row);
      expect(some.find(row)).toBe(place);
      expect(some.coordinates.values.subarray(2 * place, 2 * place + 2)).toEqual(
        grid.coordinates.values.subarray(2 * number, 2 * number + 2),
      );
    }
    expect(() => some.neighbours(4)).toThrow('there is no candidate 4 of 4');
  });

  it('know no others', () => {
    expect(numbers.map((_, place) => some.neighbours(place))).toEqual([[3], [2], [1], [0]]);
    expect(some.find([1, 1])).toBeUndefined();
  });

  it('stay pairs', () => {
    const pairs = someOf(pairsOf(gridCandidates([2]), gridCandidates([3])), [5, 1, 2]);
    expect(pairs).toMatchObject({ first: { count: 2 }, second: { count: 3 } });
    const { partsOf, pairOf } = pairs as ReturnType<typeof pairsOf>;
    expect([0, 1, 2].map(partsOf)).toEqual([
      [1, 2],
      [0, 1],
      [0, 2],
    ]);
    expect([pairOf(0, 2), pairOf(0, 0), pairOf(7, 0)]).toEqual([2, undefined, undefined]);
  });
});
