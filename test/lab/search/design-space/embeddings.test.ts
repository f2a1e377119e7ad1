import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../../src/engine/random.ts';
import { rankCorrelation } from '../../../../src/engine/statistics.ts';
import { designKey } from '../../../../src/lab/search/design-space/design-key.ts';
import { distancesAmong } from '../../../../src/lab/search/design-space/edit-distance.ts';
import {
  authors,
  embeddings,
  heldOutStress,
  learned,
  oneHot,
} from '../../../../src/lab/search/design-space/embeddings.ts';
import { enumerate } from '../../../../src/lab/search/design-space/enumerate.ts';
import { landmarkMds } from '../../../../src/lab/search/design-space/landmark-mds.ts';
import { sample } from '../../../../src/lab/search/design-space/sample.ts';
import { readSpace } from '../../../../src/lab/search/design-space/space.ts';
import { design, mixedSpace } from './spaces.ts';

const proof = readSpace('proof');
const proofDesigns = enumerate(proof);
const full = readSpace('full');
const library = sample(full, 60, 1);

describe.each([...embeddings])('embedding %s', (kind, embedding) => {
  it.each([
    ['the proof space', proof, proofDesigns],
    ['a library', full, library],
  ])('puts each design of %s in a place of its own', (_, space, points) => {
    const { values, width } = embedding.embed(points, space);
    expect(values.length).toBe(points.length * width);
    const rows = points.map((_, i) =>
      Array.from(values.subarray(i * width, (i + 1) * width), (value) => value.toFixed(6)).join(),
    );
    expect(new Set(rows).size).toBe(points.length);
  });

  it('puts a design in the same place whatever the order of its heads', () => {
    const others = library.map(({ layers }) => ({
      layers: layers.map((layer) => ({ ...layer, heads: layer.heads.toReversed() })),
    }));
    expect(others.map(designKey)).toEqual(library.map(designKey));
    expect(embedding.embed(others, full)).toEqual(embedding.embed(library, full));
    expect(embedding.kind).toBe(kind);
  });
});

describe('embedding of the authors', () => {
  it('has 37 numbers for twelve layers: how many, then width, stack and heads of each', () => {
    const space = readSpace({ ...mixedSpace, layers: [2, 4, 6, 8, 10, 12], hidden: [16, 32] });
    const point = design(
      [32, ['transform-dft', 'convolution-5'], [32]],
      [16, ['convolution-5'], [32, 16]],
    );
    const { values, width } = authors.embed([point], space);
    expect(width).toBe(37);
    expect([...values.subarray(0, 7)]).toEqual([0, 1, 1, 7, 0, 4, 2]);
    expect([...values.subarray(7)]).toEqual(Array(30).fill(0));
  });
});

describe('embedding by options', () => {
  it('has a coordinate for each option, heads as shares', () => {
    const point = design([16, ['attention-scaled', 'convolution-5'], [32]]);
    expect([...oneHot.embed([point], mixedSpace).values]).toEqual([
      ...[1, 0, 1, 0.5, 0, 0.5, 0, 1, 0, 0],
      ...Array(10).fill(0),
    ]);
  });
});

describe('learned embedding', () => {
  const { values, width } = learned.embed(proofDesigns, proof);

  it('orders pairs of the proof space as the edit distance does', () => {
    const random = createRandom(1);
    const distances = distancesAmong(proofDesigns);
    const [sought, found]: [number[], number[]] = [[], []];
    for (let i = 0; i < 20; i++) {
      const a = random.integer(proofDesigns.length);
      const row = distances(a);
      for (let j = 0; j < 50; j++) {
        const b = random.integer(proofDesigns.length);
        sought.push(row[b] as number);
        found.push(distance(a, b));
      }
    }
    expect(rankCorrelation(sought, found)).toBeGreaterThan(0.95);
  });

  it('fits designs it has not measured from, the better the more landmarks and coordinates', () => {
    const some = proofDesigns.filter((_, i) => i % 4 === 0);
    const stress = heldOutStress(some, 1);
    expect(stress).toBeGreaterThan(0);
    expect(stress).toBeLessThan(0.1);
    expect(heldOutStress(some, 1, { landmarks: 128, width: 4 })).toBeGreaterThan(0.1);
    expect(heldOutStress(library, 1)).toBeUndefined();
  });

  it('is of one coordinate for a single design', () => {
    expect(learned.embed(proofDesigns.slice(0, 1), proof)).toEqual({
      values: new Float64Array(1),
      width: 1,
    });
  });

  function distance(a: number, b: number): number {
    return Math.hypot(
      ...Array.from(
        { length: width },
        (_, e) => (values[a * width + e] as number) - (values[b * width + e] as number),
      ),
    );
  }
});

describe('landmarkMds', () => {
  it('finds points of a plane again by their distances to some of them', () => {
    const random = createRandom(2);
    const points = Array.from({ length: 40 }, () => [random.normal(), random.normal()] as const);
    const distances = (a: number) =>
      Float64Array.from(points, ([x, y]) =>
        Math.hypot(x - (points[a]?.[0] as number), y - (points[a]?.[1] as number)),
      );
    const { coordinates, landmarks } = landmarkMds(40, distances, { landmarks: 10, width: 8 });
    expect(coordinates.width).toBe(2);
    expect(new Set(landmarks).size).toBe(10);
    for (let a = 0; a < 40; a++) {
      const found = points.map((_, b) =>
        Math.hypot(
          (coordinates.values[2 * a] as number) - (coordinates.values[2 * b] as number),
          (coordinates.values[2 * a + 1] as number) - (coordinates.values[2 * b + 1] as number),
        ),
      );
      for (const [b, sought] of distances(a).entries()) expect(found[b]).toBeCloseTo(sought, 9);
    }
  });
});
