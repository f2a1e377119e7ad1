import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../../src/engine/random.ts';
import { designKey } from '../../../../src/lab/search/design-space/design-key.ts';
import { enumerate } from '../../../../src/lab/search/design-space/enumerate.ts';
import { interpolate } from '../../../../src/lab/search/design-space/grow.ts';
import type { DesignPoint } from '../../../../src/models/design-point.ts';
import { design, mixedSpace, smallSpaces } from './spaces.ts';

const families = fc
  .tuple(smallSpaces, fc.nat(), fc.nat(), fc.nat())
  .map(([space, first, second, seed]) => {
    const all = enumerate(space);
    const [a, b] = [first, second].map((pick) => all[pick % all.length] as DesignPoint);
    return {
      space,
      a: a as DesignPoint,
      b: b as DesignPoint,
      random: createRandom(seed),
      keys: new Set(all.map(designKey)),
    };
  });

describe('interpolate', () => {
  it('makes different designs of the space, without the two between which they lie', () => {
    fc.assert(
      fc.property(families, ({ space, a, b, random, keys }) => {
        const between = interpolate(a, b, space, 5, random).map(designKey);
        expect(between.length).toBeLessThanOrEqual(5);
        expect(new Set(between).size).toBe(between.length);
        expect(between).not.toContain(designKey(a));
        expect(between).not.toContain(designKey(b));
        expect(between.filter((key) => !keys.has(key))).toEqual([]);
      }),
      { numRuns: 50 },
    );
  });

  it('mixes the heads of both where heads may differ', () => {
    const a = design([16, ['attention-scaled', 'attention-scaled'], [16]]);
    const b = design([16, ['transform-dft', 'transform-dft'], [16]]);
    const between = interpolate(a, b, mixedSpace, 50, createRandom(1));
    expect(between.map(designKey)).toEqual(['16:attention-scaled+transform-dft:16']);
    expect(interpolate(a, b, { ...mixedSpace, mixedHeads: false }, 50, createRandom(1))).toEqual(
      [],
    );
  });

  it('has numbers of layers between those of the two, if the space has', () => {
    const a = design([16, ['attention-scaled'], [16]]);
    const b = design(...Array.from({ length: 3 }, () => [16, ['transform-dft'], [16]] as const));
    const lengths = (layers: number[]) =>
      new Set(
        interpolate(a, b, { ...mixedSpace, layers }, 50, createRandom(1)).map(
          (point) => point.layers.length,
        ),
      );
    expect(lengths([1, 2, 3, 4])).toEqual(new Set([1, 2, 3]));
    expect(lengths([1, 3])).toEqual(new Set([1, 3]));
  });
});
