import { describe, expect, it } from 'vitest';
import { SourceError } from '../../../../src/core/errors.ts';
import { designKey } from '../../../../src/lab/search/design-space/design-key.ts';
import { enumerate } from '../../../../src/lab/search/design-space/enumerate.ts';
import { readSpace } from '../../../../src/lab/search/design-space/space.ts';
import {
  designTable,
  type ProofSpace,
  pointOf,
  proofDesigns,
  readProofSpace,
} from '../../../../src/lab/search/proof/proof-space.ts';
import { nearestOf } from '../../../../src/lab/search/proof/signal.ts';
import type { DesignPoint } from '../../../../src/models/design-point.ts';

const file = {
  command: 'npx tsx scripts/proof-space.ts',
  data: 'ASD omi-2',
  settings: { rows: 32 },
  engine: { version: '0.1.0', kernels: 'wasm-simd', build: 'abc' },
  seeds: [1],
  designs: [
    { layers: [['convolution-5', 1, 16]], vusPr: [0.5], loss: [0.1], trainS: [1], usPerRow: [50] },
  ],
};

describe('proof space', () => {
  it('is the space of that name: 28 designs of one layer and 28^2 of two', () => {
    const designs = proofDesigns();
    expect(designs).toHaveLength(812);
    const keysOf = (points: readonly DesignPoint[]): Set<string> => new Set(points.map(designKey));
    expect(keysOf(designs.map(pointOf))).toEqual(keysOf(enumerate(readSpace('proof'))));
  });

  it('reads its file', () => {
    expect(readProofSpace(JSON.stringify(file), 'x.json')).toEqual(file);
  });

  it.each([
    ['text that is no JSON', '{'],
    ['a file of something else', '[]'],
    ['no designs', JSON.stringify({ ...file, designs: [] })],
    ['an operation that there is not', JSON.stringify(file).replace('convolution-5', 'pooling')],
  ])('refuses %s by name', (_, text) => {
    expect(() => readProofSpace(text, 'x.json')).toThrow(SourceError);
    expect(() => readProofSpace(text, 'x.json')).toThrow(/^x\.json is not a measured proof space/);
  });
});

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
