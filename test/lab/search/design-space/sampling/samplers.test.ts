import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../../../src/engine/random.ts';
import { samplers } from '../../../../../src/lab/search/design-space/sample.ts';
import {
  SOBOL_DIMENSIONS,
  sobolWords,
} from '../../../../../src/lab/search/design-space/sampling/sobol.ts';
import { golden } from '../../../../golden/read.ts';

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
