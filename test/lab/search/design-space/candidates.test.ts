import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { oneHot } from '../../../../src/lab/search/design-space/embeddings.ts';
import { enumerate } from '../../../../src/lab/search/design-space/enumerate.ts';
import { readSpace } from '../../../../src/lab/search/design-space/space.ts';
import { candidatesOf } from '../../../../src/lab/search/families/index.ts';
import type { DesignPoint } from '../../../../src/models/design-point.ts';
import { design, mixedSpace, smallSpaces } from './spaces.ts';

describe('candidates', () => {
  const proof = readSpace('proof');
  const points = enumerate(proof);
  const candidates = candidatesOf(points, proof, oneHot);

  it('are found by their choices', () => {
    fc.assert(
      fc.property(smallSpaces, (space) => {
        const { count, choices, find } = candidatesOf(enumerate(space), space, oneHot);
        const places = choices.sizes.length;
        for (let i = 0; i < count; i++) {
          expect(find(choices.values.subarray(i * places, (i + 1) * places))).toBe(i);
        }
      }),
      { numRuns: 20 },
    );
  });

  it('are not found by choices that are missing, unknown or illegal', () => {
    expect(candidates.choices.sizes).toEqual([2, 2, 2, 7, 2, 2, 7]);
    expect(candidates.find([0, 0, 0, 7, -1, -1, -1])).toBeUndefined();
    expect(candidates.find([1, 0, 0, 0, -1, -1, -1])).toBeUndefined();
    const space = readSpace({ layers: [1], heads: [1, 3], hidden: [12, 16] });
    const some = candidatesOf(enumerate(space), space, oneHot);
    expect(some.find([0, 1, 0])).toBeTypeOf('number');
    expect(some.find([1, 1, 0])).toBeUndefined();
  });

  it('know which places ask the same', () => {
    const { sizes, kinds = [] } = candidates.choices;
    const [hidden, heads, op] = kinds.slice(1, 4);
    expect(kinds).toEqual([kinds[0], hidden, heads, op, hidden, heads, op]);
    expect(new Set(kinds).size).toBe(4);
    expect(kinds).toHaveLength(sizes.length);
  });

  it('leave out choices of a layer that is not there, and do not look at them', () => {
    expect([...candidates.choices.values.subarray(0, 7)]).toEqual([0, 0, 0, 0, -1, -1, -1]);
    expect(candidates.find([0, 0, 0, 0, 1, 1, 1])).toBe(0);
  });

  it('have the steps of the proof space as neighbours', () => {
    const point = design([16, ['attention-scaled'], [32]]);
    const around = candidates.neighbours(candidates.indexOf(point) as number);
    expect(around.map((i) => points[i] as DesignPoint)).toEqual([
      design([16, ['attention-multiplicative'], [32]]),
      design([16, ['transform-dft'], [32]]),
      design([16, ['transform-dct'], [32]]),
      design([16, ['convolution-5'], [32]]),
      design([16, ['convolution-9'], [32]]),
      design([16, ['convolution-13'], [32]]),
      design([16, ['attention-scaled', 'attention-scaled'], [32]]),
      design([32, ['attention-scaled'], [32]]),
      design([16, ['attention-scaled'], [32]], [16, ['attention-scaled'], [32]]),
    ]);
  });

  it('refuse a design that is there twice, or that is not of the space', () => {
    const point = points[0] as DesignPoint;
    expect(() => candidatesOf([point, point], proof, oneHot)).toThrow(RangeError);
    const mixed = design([16, ['attention-scaled', 'transform-dft'], [32]]);
    expect(() => candidatesOf([mixed], proof, oneHot)).toThrow(RangeError);
    expect(candidatesOf([mixed], mixedSpace, oneHot).count).toBe(1);
    const wide = design([64, ['attention-scaled'], [32]]);
    expect(() => candidatesOf([wide], proof, oneHot)).toThrow(RangeError);
  });
});
