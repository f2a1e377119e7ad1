import { describe, expect, it } from 'vitest';
import { designKey } from '../../../../src/lab/search/design-space/design-key.ts';
import { oneHot } from '../../../../src/lab/search/design-space/embeddings.ts';
import { grow } from '../../../../src/lab/search/design-space/grow.ts';
import { neighboursOf } from '../../../../src/lab/search/design-space/neighbours.ts';
import { sample } from '../../../../src/lab/search/design-space/sample.ts';
import { homogeneous, readSpace } from '../../../../src/lab/search/design-space/space.ts';
import { candidatesOf } from '../../../../src/lab/search/families/index.ts';
import { designPointSchema, requireLegal } from '../../../../src/models/design-point.ts';

describe('a library that grows', () => {
  const full = readSpace('full');
  const first = sample(homogeneous(full), 60, 1);
  const good = [3, 17, 40];
  const next = grow(first, good, full, 1);

  it('keeps its designs by their numbers, and takes in others of the space once', () => {
    expect(next.slice(0, first.length)).toEqual(first);
    expect(new Set(next.map(designKey)).size).toBe(next.length);
    for (const point of next) {
      expect(designPointSchema.safeParse(point).success).toBe(true);
      requireLegal(point, full.rows / full.patch);
    }
  });

  it('takes in what is one step from the good ones, and layers whose heads differ', () => {
    const keys = new Set(next.map(designKey));
    for (const number of good) {
      const around = neighboursOf(first[number] as (typeof first)[number], full).map(designKey);
      expect(around.filter((key) => !keys.has(key))).toEqual([]);
    }
    const mixed = [...keys].filter((key) => /attention-scaled\+transform/.test(key));
    expect(mixed.length).toBeGreaterThan(0);
  });

  it('gives each design ten neighbours or more as candidates', () => {
    const candidates = candidatesOf(next, full, oneHot);
    for (let number = 0; number < next.length; number += 25) {
      const around = candidates.neighbours(number);
      expect(around.length).toBeGreaterThanOrEqual(10);
      expect(around).not.toContain(number);
      expect([...new Set(around)].sort((a, b) => a - b)).toEqual(around);
    }
  });

  it('refuses a design that is not there', () => {
    expect(() => grow(first, [60], full, 1)).toThrow(RangeError);
  });
});
