// A design space as data: which encoders are allowed, on which windows.
// Tuli et al. 2023, "FlexiBERT: are current transformer architectures too homogeneous and rigid?"
//
// Departs from FlexiBERT: a kernel is at most as long as the number of patches, because windows of sensors are short.
import { z } from 'zod';
import { ConfigError } from '../../../core/errors.ts';
import { parseOptions } from '../../../core/registry.ts';
import { type Head, LIMITS } from '../../../models/design-point.ts';
import { headNames, headOf } from './design-key.ts';

export function rising(least: number, greatest: number) {
  return z
    .array(z.int().min(least).max(greatest))
    .min(1)
    .refine((values) => values.every((value, i) => i === 0 || value > (values[i - 1] as number)), {
      message: 'must rise, each number once',
    });
}

export const spaceSchema = z.strictObject({
  layers: rising(1, LIMITS.layers).default([1, 2]).describe('Numbers of layers'),
  ops: z
    .array(z.enum(headNames))
    .min(1)
    .refine((names) => new Set(names).size === names.length, { message: 'must name each once' })
    .default([...headNames])
    .describe('Operations that a head may have'),
  heads: rising(1, LIMITS.heads).default([1, 2]).describe('Numbers of heads of a layer'),
  mixedHeads: z.boolean().default(false).describe('Whether the heads of one layer may differ'),
  hidden: rising(...LIMITS.hidden)
    .default([16, 32])
    .describe('Widths of a layer'),
  feedForward: rising(...LIMITS.feedForward)
    .default([32])
    .describe('Widths inside the feed-forward stack'),
  stacks: rising(1, LIMITS.stack)
    .default([1])
    .describe('Numbers of feed-forward layers of a layer'),
  mixedStacks: z.boolean().default(false).describe('Whether the widths of one stack may differ'),
  rows: z.int().min(2).max(1024).default(32).describe('Rows of a window'),
  patch: z.int().min(1).max(64).default(2).describe('Rows of a patch; divides the rows'),
});

export type DesignSpace = Readonly<z.infer<typeof spaceSchema>>;

/** 812 encoders, few enough to train all of them. */
const proof = spaceSchema.parse({});

/** Named spaces: `proof` has 812 encoders, `level-1` has 12,656, `full` has all encoders that a Pi can run. */
export const namedSpaces: ReadonlyMap<string, DesignSpace> = new Map([
  ['proof', proof],
  ['level-1', { ...proof, feedForward: [32, 64], stacks: [1, 2] }],
  [
    'full',
    {
      ...proof,
      layers: [1, 2, 3],
      heads: [1, 2, 4],
      mixedHeads: true,
      hidden: [16, 32, 64],
      feedForward: [32, 64, 128],
      stacks: [1, 2],
      mixedStacks: true,
    },
  ],
]);

/**
 * Reads a space from a file or a command line: a name, or options of `spaceSchema`. Throws `ConfigError` that names every
 * fault, and for an empty space the rules that contradict each other.
 */
export function readSpace(given: unknown): DesignSpace {
  if (typeof given !== 'string') {
    const space = parseOptions(spaceSchema, given, 'the design space');
    requireDesigns(space);
    return space;
  }
  const named = namedSpaces.get(given);
  if (named) return named;
  throw new ConfigError(
    `design space '${given}' is unknown: choose one of ${[...namedSpaces.keys()].join(', ')}, or give its options`,
    { code: 'SEN_CFG_DESIGN_SPACE' },
  );
}

/** The part of a space in which all heads of a layer are alike, and all widths of its feed-forward stack. */
export function homogeneous(space: DesignSpace): DesignSpace {
  return { ...space, mixedHeads: false, mixedStacks: false };
}

/** Heads that fit on the windows, in the order of the space. */
export function legalHeads({ ops, rows, patch }: DesignSpace): readonly Head[] {
  return ops
    .map(headOf)
    .filter((head) => head.op !== 'convolution' || head.kernel <= Math.floor(rows / patch));
}

/** Numbers of heads that divide a width. */
export function legalCounts({ heads }: DesignSpace, hidden: number): readonly number[] {
  return heads.filter((count) => hidden % count === 0);
}

/** Throws `ConfigError` if the space has no design. */
export function requireDesigns(space: DesignSpace): void {
  const { rows, patch, ops, heads, hidden } = space;
  if (rows % patch !== 0) {
    throw new ConfigError(
      `the design space is empty: windows of ${rows} rows cannot be divided into patches of ${patch}: set rows to a multiple of patch`,
      { code: 'SEN_CFG_DESIGN_SPACE' },
    );
  }
  if (legalHeads(space).length === 0) {
    throw new ConfigError(
      `the design space is empty: ${ops.join(', ')} on ${rows / patch} patches have a kernel longer than the window: add an operation, or use longer windows or shorter patches`,
      { code: 'SEN_CFG_DESIGN_SPACE' },
    );
  }
  if (!hidden.some((width) => legalCounts(space, width).length > 0)) {
    throw new ConfigError(
      `the design space is empty: no number of heads (${heads.join(', ')}) divides a width (${hidden.join(', ')}): add 1 to heads, or use widths that a number of heads divides`,
      { code: 'SEN_CFG_DESIGN_SPACE' },
    );
  }
}
