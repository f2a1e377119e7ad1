import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../../../src/core/errors.ts';
import { DEFAULT_POINT } from '../../../../src/detectors/cnn/train.ts';
import { canonicalCnn, cnnKey } from '../../../../src/lab/search/cnn-space/cell-form.ts';
import {
  countOf,
  enumerateCnns,
  sampleCnns,
} from '../../../../src/lab/search/cnn-space/enumerate.ts';
import { cnnNeighbours } from '../../../../src/lab/search/cnn-space/neighbours.ts';
import {
  cnnChoices,
  cnnOfChoices,
  cnnPlaces,
} from '../../../../src/lab/search/cnn-space/places.ts';
import {
  type CnnSpace,
  namedCnnSpaces,
  readCnnSpace,
} from '../../../../src/lab/search/cnn-space/space.ts';
import { cnnPointSchema, requireLegalCnn } from '../../../../src/models/cnn-design.ts';

const [proof, full] = ['proof', 'full'].map((name) => namedCnnSpaces.get(name)) as [
  CnnSpace,
  CnnSpace,
];
/** Everything, but few operations and widths. */
const small: CnnSpace = {
  ...full,
  ...{ cells: [1], vertices: [1, 2], ops: ['dilated', 'pool-max'], channels: [8, 16] },
  ...{ poolings: ['last', 'mean'], activations: ['relu'] },
};
const mixed: CnnSpace = {
  ...full,
  ...{ cells: [1, 2], vertices: [1], ops: ['separable', 'skip'], channels: [8, 16] },
  ...{ mixedChannels: false, norms: ['layer'], poolings: ['last'], joins: ['concatenate'] },
};

describe('spaces of convolutional networks', () => {
  it('have as many networks as are counted, all different and legal', () => {
    expect(countOf(proof)).toBe(1200n);
    for (const space of [proof, small, mixed]) {
      const all = enumerateCnns(space);
      expect(BigInt(all.length)).toBe(countOf(space));
      expect(new Set(all.map(cnnKey)).size).toBe(all.length);
      for (const point of all) {
        expect(cnnPointSchema.parse(point)).toEqual(point);
        requireLegalCnn(point, space.rows);
      }
    }
  });

  it('have the hand-made network among the largest', () => {
    const places = cnnPlaces(full);
    const { values } = cnnChoices([DEFAULT_POINT], places);
    expect(cnnKey(cnnOfChoices(values, places) as never)).toBe(cnnKey(DEFAULT_POINT));
  });

  it('draw different networks, the same for the same seed', () => {
    const drawn = sampleCnns(full, 20, 1);
    expect(new Set(drawn.map(cnnKey)).size).toBe(20);
    expect(sampleCnns(small, 20, 1)).toEqual(sampleCnns(small, 20, 1));
    expect(sampleCnns(small, 20, 2)).not.toEqual(sampleCnns(small, 20, 1));
    expect(drawn.map(canonicalCnn)).toEqual(drawn);
    expect(sampleCnns(proof, 2000, 1)).toHaveLength(1200);
  });

  it.each([
    ['a name that there is not', 'huge', /^space 'huge' of convolutional networks is unknown/],
    ['options of an encoder', { family: 'cnn', layers: [1] }, /layers/],
    ['operations that there are not', { family: 'cnn', ops: ['fft'] }, /ops/],
    ['no channels', { family: 'cnn', channels: [0] }, /channels/],
    [
      'strides that leave no rows',
      { family: 'cnn', cells: [1, 3], strides: [2, 6], rows: 32 },
      'the space is empty: windows of 32 rows have none left for 3 cells with a stride of 6',
    ],
  ])('refuse %s in one line', (_, given, message) => {
    expect(() => readCnnSpace(given)).toThrow(ConfigError);
    expect(() => readCnnSpace(given)).toThrow(message);
  });
});

describe('neighbours of a convolutional network', () => {
  const few: CnnSpace = { ...proof, ops: ['convolution-9', 'pool-mean', 'skip'] };
  it.each([
    ['the proof space with few operations', few],
    ['a space of everything', small],
    ['a space of unlike cells', mixed],
  ])('are of %s, and reach all of it', (_, space) => {
    const all = new Map(enumerateCnns(space).map((point) => [cnnKey(point), point]));
    const [first] = all.keys();
    const reached = new Set([first as string]);
    for (const key of reached) {
      const point = all.get(key);
      for (const other of cnnNeighbours(point as never, space)) {
        const found = cnnKey(other);
        expect(all.has(found), `${found} beside ${key}`).toBe(true);
        expect(found).not.toBe(key);
        reached.add(found);
      }
    }
    expect(reached.size).toBe(all.size);
  });
});

describe('choices of a convolutional network', () => {
  it.each([
    ['a sample of the proof space', proof, 300],
    ['a sample of the full space', full, 60],
    ['a space of unlike cells', mixed, 150],
  ])('lead back to it: %s', (_, space, count) => {
    const points = sampleCnns(space, count, 1);
    const places = cnnPlaces(space);
    const { sizes, values, kinds } = cnnChoices(points, places);
    expect(kinds).toHaveLength(sizes.length);
    for (const [i, point] of points.entries()) {
      const row = values.subarray(i * sizes.length, (i + 1) * sizes.length);
      expect(row.every((option, place) => option < (sizes[place] as number))).toBe(true);
      expect(cnnKey(cnnOfChoices(row, places) as never)).toBe(cnnKey(point));
    }
  });

  it('refuse what is not of the space', () => {
    expect(() => cnnChoices([DEFAULT_POINT], cnnPlaces(proof))).toThrow(RangeError);
    const places = cnnPlaces(proof);
    expect(cnnOfChoices(new Int32Array(places.places.length).fill(-1), places)).toBeUndefined();
  });
});
