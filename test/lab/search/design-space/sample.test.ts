import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { designKey } from '../../../../src/lab/search/design-space/design-id.ts';
import { enumerate } from '../../../../src/lab/search/design-space/enumerate.ts';
import { type Sampling, sample, samplers } from '../../../../src/lab/search/design-space/sample.ts';
import { readSpace } from '../../../../src/lab/search/design-space/space.ts';
import { smallSpaces } from './spaces.ts';

describe.each(Object.keys(samplers) as Sampling[])('sample by %s', (sampling) => {
  it('is of different designs of the space, as many as asked for or as there are', () => {
    fc.assert(
      fc.property(smallSpaces, fc.integer({ min: 1, max: 60 }), fc.nat(), (space, count, seed) => {
        const all = enumerate(space).map(designKey);
        const keys = sample(space, count, seed, sampling).map(designKey);
        expect(new Set(keys).size).toBe(Math.min(count, all.length));
        expect(all).toEqual(expect.arrayContaining(keys));
      }),
      { numRuns: 30 },
    );
  });

  it('is the same with the same seed, and another one with another', () => {
    const full = readSpace('full');
    expect(sample(full, 20, 1, sampling)).toEqual(sample(full, 20, 1, sampling));
    expect(sample(full, 20, 1, sampling)).not.toEqual(sample(full, 20, 2, sampling));
  });

  it('has each number of layers and each width as often, whatever the number of designs', () => {
    const points = sample(readSpace('full'), 96, 1, sampling);
    for (const count of [1, 2, 3]) {
      const some = points.filter(({ layers }) => layers.length === count);
      expect(Math.abs(some.length - 32)).toBeLessThanOrEqual(2);
    }
    for (const hidden of [16, 32, 64]) {
      const some = points.filter(({ layers }) => layers[0]?.hidden === hidden);
      expect(Math.abs(some.length - 32)).toBeLessThanOrEqual(2);
    }
  });
});
