import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../../../src/core/errors.ts';
import { createRandom } from '../../../../src/engine/random.ts';
import { designKey } from '../../../../src/lab/search/design-space/design-key.ts';
import { enumerate, sizeOf } from '../../../../src/lab/search/design-space/enumerate.ts';
import { type Sampling, sample, samplers } from '../../../../src/lab/search/design-space/sample.ts';
import { SOBOL_DIMENSIONS, sobolWords } from '../../../../src/lab/search/design-space/samplers.ts';
import { readSpace } from '../../../../src/lab/search/design-space/space.ts';
import { golden } from '../../../golden/read.ts';
import { smallSpaces } from './spaces.ts';

const reference = golden<{ points: number[][] }>('sobol.json').points;

describe.each(Object.entries(samplers))('%s', (_, sampler) => {
  it('puts one of 2^k points in each slice of 2^-k along every coordinate', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 6 }),
        fc.integer({ min: 1, max: 8 }),
        fc.nat(),
        (k, dimensions, seed) => {
          const count = 2 ** k;
          const points = sampler(dimensions, createRandom(seed))(count);
          for (let d = 0; d < dimensions; d++) {
            const slices = points.map((point) => Math.floor((point[d] as number) * count));
            expect(slices.sort((a, b) => a - b)).toEqual([...Array(count).keys()]);
          }
        },
      ),
      { numRuns: 30 },
    );
  });
});

describe('sobol', () => {
  it('is the sequence of SciPy', () => {
    const next = sobolWords(new Uint32Array(SOBOL_DIMENSIONS));
    expect(reference.map(() => [...next()])).toEqual(reference);
  });

  it('refuses more dimensions than it has numbers for', () => {
    expect(() => samplers.sobol(SOBOL_DIMENSIONS + 1, createRandom(1))).toThrow(RangeError);
  });
});

describe.each(Object.keys(samplers) as Sampling[])('sample by %s', (sampling) => {
  it('is of different designs of the space, as many as asked for or as there are', () => {
    fc.assert(
      fc.property(smallSpaces, fc.integer({ min: 1, max: 60 }), fc.nat(), (space, count, seed) => {
        const all = new Set(enumerate(space).map(designKey));
        const keys = sample(space, count, seed, sampling).map(designKey);
        expect(new Set(keys).size).toBe(Math.min(count, all.size));
        expect(keys.filter((key) => !all.has(key))).toEqual([]);
      }),
      { numRuns: 30 },
    );
  });

  it('refuses more of a space than there is, where it is too large to list', () => {
    const large = readSpace({ layers: [2], feedForward: [32, 64, 96], stacks: [1, 2, 3, 4] });
    expect(sizeOf(large)).toBe(112_896n);
    expect(() => sample(large, 112_897, 1, sampling)).toThrow(ConfigError);
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
