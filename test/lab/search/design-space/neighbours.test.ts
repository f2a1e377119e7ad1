import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { designKey } from '../../../../src/lab/search/design-space/design-key.ts';
import { enumerate } from '../../../../src/lab/search/design-space/enumerate.ts';
import { neighboursOf } from '../../../../src/lab/search/design-space/neighbours.ts';
import { readSpace } from '../../../../src/lab/search/design-space/space.ts';
import { design, designs, mixedSpace, smallSpaces } from './spaces.ts';

describe('neighbours', () => {
  it('are other designs of the space, none twice', () => {
    fc.assert(
      fc.property(smallSpaces, fc.nat(), (space, pick) => {
        const all = enumerate(space);
        const point = all[pick % all.length] as (typeof all)[number];
        const keys = neighboursOf(point, space).map(designKey);
        expect(new Set(keys).size).toBe(keys.length);
        expect(keys).not.toContain(designKey(point));
        const known = new Set(all.map(designKey));
        expect(keys.filter((key) => !known.has(key))).toEqual([]);
      }),
      { numRuns: 50 },
    );
  });

  it('have each other, if they have as many layers', () => {
    fc.assert(
      fc.property(designs, (point) => {
        const alike = neighboursOf(point, mixedSpace).filter(
          ({ layers }) => layers.length === point.layers.length,
        );
        for (const other of alike) {
          expect(neighboursOf(other, mixedSpace).map(designKey)).toContain(designKey(point));
        }
      }),
      { numRuns: 10 },
    );
  });

  it('lead from any design to any other', () => {
    const proof = readSpace('proof');
    const all = enumerate(proof);
    const reached = new Map(all.slice(-1).map((point) => [designKey(point), point]));
    for (const point of reached.values()) {
      for (const other of neighboursOf(point, proof)) reached.set(designKey(other), other);
    }
    expect(reached.size).toBe(all.length);
  });

  it('put in and take out heads, feed-forward layers and layers', () => {
    const space = readSpace({
      ...mixedSpace,
      layers: [1, 3],
      ops: ['attention-scaled', 'transform-dft'],
      feedForward: [16, 64],
    });
    const single = neighboursOf(design([16, ['transform-dft'], [16]]), space);
    expect(single.map(designKey)).toEqual([
      '16:attention-scaled:16',
      '16:attention-scaled+transform-dft:16',
      '16:transform-dft+transform-dft:16',
      '16:transform-dft:64',
      '16:transform-dft:16,16',
      '16:transform-dft:16,64',
      '16:transform-dft:64,16',
      '16:transform-dft:16|16:transform-dft:16|16:transform-dft:16',
    ]);
    const pair = neighboursOf(design([16, ['attention-scaled', 'transform-dft'], [16, 64]]), space);
    expect(pair.map(designKey)).toEqual(
      expect.arrayContaining([
        '16:attention-scaled:16,64',
        '16:transform-dft:16,64',
        '16:attention-scaled+transform-dft:16',
        '16:attention-scaled+transform-dft:64',
      ]),
    );
  });
});
