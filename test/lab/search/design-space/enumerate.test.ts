import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../../../src/core/errors.ts';
import { designKey, headNames } from '../../../../src/lab/search/design-space/design-key.ts';
import { enumerate, sizeOf } from '../../../../src/lab/search/design-space/enumerate.ts';
import { namedSpaces, readSpace } from '../../../../src/lab/search/design-space/space.ts';
import { flexibertSpace } from '../../../../src/lab/search/proof/edgetran.ts';
import { designPointSchema, requireLegal } from '../../../../src/models/design-point.ts';
import { smallSpaces } from './spaces.ts';

describe('size of a design space', () => {
  it('is the number of different designs that are listed', () => {
    fc.assert(
      fc.property(smallSpaces, (space) => {
        const keys = new Set(enumerate(space).map(designKey));
        expect(BigInt(keys.size)).toBe(sizeOf(space));
      }),
    );
  });

  it.each([
    ['proof', 812n],
    ['level-1', 12_656n],
    ['full', 8820n + 8820n ** 2n + 8820n ** 3n],
  ])('of %s is %d', (name, size) => {
    expect(sizeOf(readSpace(name))).toBe(size);
  });

  // Counts of FlexiBERT's space: 96 homogeneous layers, two at a time; 240 with stacks of mixed widths.
  const flexibert = {
    ops: headNames.filter((name) => name !== 'convolution-13'),
    heads: [2, 4],
    hidden: [128, 256],
    feedForward: [512, 1024],
    stacks: [1, 3],
    rows: 128,
    patch: 1,
  };

  it("of FlexiBERT's choices is as published", () => {
    expect(sizeOf(readSpace({ ...flexibert, layers: [1, 2] }))).toBe(9312n);
    expect(sizeOf(readSpace({ ...flexibert, layers: [2, 4], mixedStacks: true }))).toBe(
      240n ** 2n + 240n ** 4n,
    );
  });

  it("of EdgeTran's choices is 1.69e88, as published, where each number of heads fits each width", () => {
    const space = { ...flexibertSpace, hidden: [24, 48, 72, 96] };
    expect(Number(sizeOf(space)) / 1e88).toBeCloseTo(1.69, 2);
  });
});

describe('enumerate', () => {
  it('lists legal designs only', () => {
    fc.assert(
      fc.property(smallSpaces, (space) => {
        for (const point of enumerate(space)) {
          expect(designPointSchema.safeParse(point).success).toBe(true);
          requireLegal(point, space.rows / space.patch);
        }
      }),
      { numRuns: 10 },
    );
  });

  it('refuses a space that is too large to list', () => {
    const full = namedSpaces.get('full') as NonNullable<ReturnType<typeof namedSpaces.get>>;
    expect(() => enumerate(full)).toThrow(ConfigError);
  });
});
