import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../../src/engine/random.ts';
import { crossed, fittest } from '../../../../src/lab/search/rivals/nsga2.ts';
import { gridCandidates } from '../toy.ts';

describe('fittest', () => {
  const told = (...objectives: number[][]) =>
    objectives.map((some, candidate) => ({ candidate, value: 0, objectives: some }));

  it('prefers earlier fronts, and within a front the ends and what is alone', () => {
    const some = told([0, 9], [4, 5], [4.5, 4.8], [9, 0], [9, 9], [1, 8]);
    expect(fittest(some, 6).map(({ candidate }) => candidate)).toEqual([0, 3, 2, 5, 1, 4]);
    expect(fittest(some, 2).map(({ candidate }) => candidate)).toEqual([0, 3]);
  });

  it('goes by value where there are no objectives', () => {
    const some = [0.3, 0.9, 0.5].map((value, candidate) => ({
      candidate,
      value,
      objectives: undefined,
    }));
    expect(fittest(some, 3).map(({ candidate }) => candidate)).toEqual([1, 2, 0]);
  });

  it('refuses outcomes with different numbers of objectives', () => {
    expect(() => fittest(told([1, 2], [1]), 2)).toThrow(
      /outcomes differ in their number of objectives/,
    );
  });
});

describe('crossed', () => {
  it('takes each choice from one of the two, or finds none', () => {
    const candidates = gridCandidates([3, 3, 3], { legal: ([a, b]) => a !== 2 || b !== 2 });
    const { choices, count } = candidates;
    const at = (candidate: number, place: number) => choices.values[candidate * 3 + place];
    fc.assert(
      fc.property(fc.nat(count - 1), fc.nat(count - 1), fc.nat(), (one, other, seed) => {
        const child = crossed(candidates, one, other, createRandom(seed));
        if (child === undefined) {
          expect([at(one, 0), at(one, 1), at(other, 0), at(other, 1)]).toContain(2);
          return;
        }
        for (const place of [0, 1, 2]) {
          expect([at(one, place), at(other, place)]).toContain(at(child, place));
        }
      }),
    );
  });
});
