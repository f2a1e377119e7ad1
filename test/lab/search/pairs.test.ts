import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { authors, oneHot } from '../../../src/lab/search/design-space/embeddings.ts';
import { enumerate } from '../../../src/lab/search/design-space/enumerate.ts';
import { readSpace } from '../../../src/lab/search/design-space/space.ts';
import { candidatesOf } from '../../../src/lab/search/families/index.ts';
import { pairsOf, someOf } from '../../../src/lab/search/pairs.ts';
import { gridCandidates } from './toy.ts';

const proof = readSpace('proof');
const first = candidatesOf(enumerate(proof), proof, oneHot);
const small = readSpace({ layers: [1], ops: ['transform-dft', 'convolution-5'] });
const second = candidatesOf(enumerate(small), small, authors);

describe.each([
  ['all pairs', pairsOf(first, second)],
  [
    'listed pairs',
    pairsOf(
      first,
      second,
      Array.from({ length: 900 }, (_, i) => [i % 812, i % 8] as const),
    ),
  ],
])('%s', (_, pairs) => {
  const candidate = fc.nat({ max: pairs.count - 1 });

  it('are made of a candidate of each, and found by these and by their choices', () => {
    fc.assert(
      fc.property(candidate, (pair) => {
        const [a, b] = pairs.partsOf(pair);
        expect(pairs.pairOf(a, b)).toBe(pair);
        const places = pairs.choices.sizes.length;
        expect(pairs.find(pairs.choices.values.subarray(pair * places, (pair + 1) * places))).toBe(
          pair,
        );
        const { values, width } = pairs.coordinates;
        expect([...values.subarray(pair * width, (pair + 1) * width)]).toEqual([
          ...first.coordinates.values.subarray(
            a * first.coordinates.width,
            (a + 1) * first.coordinates.width,
          ),
          ...second.coordinates.values.subarray(
            b * second.coordinates.width,
            (b + 1) * second.coordinates.width,
          ),
        ]);
      }),
    );
  });

  it('have neighbours that differ in one part, by one step', () => {
    fc.assert(
      fc.property(candidate, (pair) => {
        const [a, b] = pairs.partsOf(pair);
        const around = pairs.neighbours(pair);
        expect([...new Set(around)].sort((x, y) => x - y)).toEqual(around);
        const sought = [
          ...first.neighbours(a).map((other) => [other, b]),
          ...second.neighbours(b).map((other) => [a, other]),
        ].filter(([x, y]) => pairs.pairOf(x as number, y as number) !== undefined);
        const found = around.map((other) => [...pairs.partsOf(other)]);
        expect(found).toHaveLength(sought.length);
        expect(found).toEqual(expect.arrayContaining(sought));
      }),
      { numRuns: 30 },
    );
  });
});

describe('pairs', () => {
  it('are all combinations unless listed', () => {
    expect(pairsOf(first, second).count).toBe(812 * 8);
    expect(pairsOf(first, second).partsOf(812 * 8 - 1)).toEqual([811, 7]);
  });

  it('do not go together unless listed', () => {
    const some = pairsOf(first, second, [
      [4, 2],
      [3, 2],
    ]);
    expect(some.count).toBe(2);
    expect(some.pairOf(3, 2)).toBe(1);
    expect(some.pairOf(3, 3)).toBeUndefined();
    expect(some.pairOf(3, 9)).toBeUndefined();
    expect(some.find([...Array(12)].map(() => -1))).toBeUndefined();
  });

  it('refuse a pair that is listed twice or not there, and a number beyond them', () => {
    expect(() => pairsOf(first, second, [[812, 0]])).toThrow(RangeError);
    expect(() =>
      pairsOf(first, second, [
        [1, 1],
        [1, 1],
      ]),
    ).toThrow(RangeError);
    expect(() => pairsOf(first, second).partsOf(812 * 8)).toThrow(RangeError);
  });
});

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
