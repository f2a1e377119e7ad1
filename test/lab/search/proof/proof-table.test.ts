import { describe, expect, it } from 'vitest';
import { nearestOf } from '../../../../src/lab/search/proof/near.ts';
import { type ProofSpace, pointOf } from '../../../../src/lab/search/proof/proof-space.ts';
import { designTable } from '../../../../src/lab/search/proof/proof-table.ts';

const rest = { trainS: [1], usPerRow: [1] };
const space: ProofSpace = {
  command: '',
  data: '',
  settings: {},
  engine: { version: '', kernels: '', build: '' },
  seeds: [1, 2],
  designs: [
    { layers: [['convolution-5', 1, 16]], vusPr: [0.5, 0.7], loss: [0.1, 0.2], ...rest },
    { layers: [['convolution-5', 1, 32]], vusPr: [], loss: [], ...rest },
  ],
};

describe('table of designs', () => {
  it('tells each seed, higher being better, and nothing where no training ended well', () => {
    expect(designTable(space, 'loss').outcomes.map(({ values }) => values)).toEqual([
      [-0.1, -0.2],
      [],
    ]);
    expect(designTable(space, 'vus-pr').outcomes[0]?.values).toEqual([0.5, 0.7]);
  });

  it('numbers candidates as the designs of the file', () => {
    const candidates = designTable(space, 'loss').candidates();
    expect(candidates.count).toBe(2);
    expect(candidates.neighbours(0)).toEqual([1]);
    const { sizes, values } = candidates.choices;
    expect(candidates.find(values.subarray(sizes.length))).toBe(1);
    expect(pointOf([['convolution-5', 1, 32]]).layers[0]?.hidden).toBe(32);
  });
});

describe('nearest points', () => {
  it('are by distance, without the point itself, and in rising order', () => {
    const points = { values: Float64Array.of(0, 0, 5, 0, 1, 0, 0, 2), width: 2 };
    expect(nearestOf(points, 2)(0)).toEqual([2, 3]);
    expect(nearestOf(points, 9)(1)).toEqual([0, 2, 3]);
  });
});
