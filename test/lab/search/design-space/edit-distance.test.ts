import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { designKey } from '../../../../src/lab/search/design-space/design-key.ts';
import {
  distancesAmong,
  editDistance,
} from '../../../../src/lab/search/design-space/edit-distance.ts';
import { enumerate } from '../../../../src/lab/search/design-space/enumerate.ts';
import { readSpace } from '../../../../src/lab/search/design-space/space.ts';
import { distanceByTrial } from './distance-by-trial.ts';
import { design, designs, mixedSpace } from './spaces.ts';

describe('edit distance', () => {
  const start = design([32, ['attention-scaled', 'attention-scaled'], [64]]);

  it.each([
    ['itself', start, 0],
    [
      'another form of attention',
      design([32, ['attention-multiplicative', 'attention-multiplicative'], [64]]),
      3,
    ],
    ['another operation', design([32, ['convolution-5', 'convolution-5'], [64]]), 6],
    [
      'one head that does something else',
      design([32, ['attention-scaled', 'convolution-5'], [64]]),
      3,
    ],
    ['one head less', design([32, ['attention-scaled'], [64]]), 2],
    ['another width', design([16, ['attention-scaled', 'attention-scaled'], [64]]), 3],
    ['another feed-forward width', design([32, ['attention-scaled', 'attention-scaled'], [32]]), 2],
    [
      'one feed-forward layer more',
      design([32, ['attention-scaled', 'attention-scaled'], [32, 64]]),
      2,
    ],
    [
      'one layer more',
      design([16, ['convolution-5'], [8]], [32, ['attention-scaled', 'attention-scaled'], [64]]),
      9,
    ],
  ])('to %s', (_, other, distance) => {
    expect(editDistance(start, other)).toBe(distance);
  });

  it('is that of trying all ways, for each pair of a small space', () => {
    const space = readSpace({
      ...mixedSpace,
      ops: ['attention-scaled', 'transform-dft'],
      feedForward: [16],
      stacks: [1],
    });
    const points = enumerate(space);
    expect(points.length).toBe(30);
    for (const [i, a] of points.entries()) {
      for (const b of points.slice(i)) expect(distanceByTrial(a, b, 2)).toBe(editDistance(a, b));
    }
  });

  it('is that of trying all ways, for any pair of a larger one', () => {
    fc.assert(
      fc.property(designs, designs, (a, b) => {
        expect(distanceByTrial(a, b, 2)).toBe(editDistance(a, b));
      }),
    );
  });

  it('is zero for the same design only, symmetric, and no longer than by way of a third', () => {
    fc.assert(
      fc.property(designs, designs, designs, (a, b, c) => {
        expect(editDistance(a, b) === 0).toBe(designKey(a) === designKey(b));
        expect(editDistance(a, b)).toBe(editDistance(b, a));
        expect(editDistance(a, c)).toBeLessThanOrEqual(editDistance(a, b) + editDistance(b, c));
      }),
      { numRuns: 300 },
    );
  });

  it('is the same among many designs as between two', () => {
    const points = enumerate(readSpace('proof')).filter((_, i) => i % 20 === 0);
    const distances = distancesAmong(points);
    for (const [i, a] of points.entries()) {
      expect([...distances(i)]).toEqual(points.map((b) => editDistance(a, b)));
    }
  });
});
