// Design spaces and designs of them, for properties.
import fc from 'fast-check';
import { headNames, headOf } from '../../../../src/lab/search/design-space/design-key.ts';
import { enumerate } from '../../../../src/lab/search/design-space/enumerate.ts';
import { type DesignSpace, spaceSchema } from '../../../../src/lab/search/design-space/space.ts';
import type { DesignPoint, HeadName } from '../../../../src/models/design-point.ts';

/** A space with everything that can be mixed, small enough to be listed: 2,970 designs. */
export const mixedSpace: DesignSpace = spaceSchema.parse({
  ops: ['attention-scaled', 'transform-dft', 'convolution-5'],
  heads: [1, 2],
  mixedHeads: true,
  hidden: [16],
  feedForward: [16, 32],
  stacks: [1, 2],
  mixedStacks: true,
});

/** Spaces of at most some hundred designs, some of their choices illegal, none of them empty. */
export const smallSpaces: fc.Arbitrary<DesignSpace> = fc
  .record({
    layers: someOf([1, 2]),
    ops: fc.subarray([...headNames], { minLength: 1, maxLength: 2 }),
    heads: someOf([1, 2, 3]),
    mixedHeads: fc.boolean(),
    hidden: someOf([10, 12]),
    feedForward: someOf([16, 32]),
    stacks: someOf([1, 2]),
    mixedStacks: fc.boolean(),
    rows: fc.constantFrom(8, 32),
    patch: fc.constant(1),
  })
  .filter(({ heads, hidden }) => heads.some((count) => hidden.some((h) => h % count === 0)))
  .filter(({ ops, rows }) => rows === 32 || ops.some((name) => headNames.indexOf(name) < 5));

const mixedDesigns = enumerate(mixedSpace);

export const designs: fc.Arbitrary<DesignPoint> = fc.constantFrom(...mixedDesigns);

export type LayerText = readonly [
  hidden: number,
  heads: readonly HeadName[],
  feedForward: readonly number[],
];

export function design(...layers: readonly LayerText[]): DesignPoint {
  return {
    layers: layers.map(([hidden, heads, feedForward]) => ({
      hidden,
      heads: heads.map(headOf),
      feedForward: [...feedForward],
    })),
  };
}

function someOf(values: readonly number[]): fc.Arbitrary<number[]> {
  return fc.subarray([...values], { minLength: 1 });
}
