// An encoder as data: every layer has its own width, its own mix of head operations and its own feed-forward stack.
// Tuli et al. 2023, "FlexiBERT: are current transformer architectures too homogeneous and rigid?"
//
// Notation   P patches of a window, h width of a layer, n heads, d width of a head, h / n by default
import { z } from 'zod';
import { ConfigError } from '../core/errors.ts';

const attention = z.strictObject({
  op: z.literal('attention'),
  /** Scores are q.k / sqrt(d), or q.W k / sqrt(d) with a matrix W a head. */
  form: z.enum(['scaled', 'multiplicative']),
  /** Columns of queries and keys if a compression has narrowed them; the scores are still divided by sqrt(d). */
  queryWidth: z.int().min(1).max(512).optional(),
  /** Likewise of values. */
  valueWidth: z.int().min(1).max(512).optional(),
});

const transform = z.strictObject({
  op: z.literal('transform'),
  /** Fixed mixing over patches and columns. */
  basis: z.enum(['dft', 'dct']),
});

const convolution = z.strictObject({
  op: z.literal('convolution'),
  /** Patches that a kernel, made anew at each patch, spans. */
  kernel: z.union([z.literal(5), z.literal(9), z.literal(13)]),
});

export const headSchema = z.discriminatedUnion('op', [attention, transform, convolution]);

/** Limits of encoders. */
export const LIMITS = {
  layers: 12,
  hidden: [4, 512],
  heads: 16,
  feedForward: [4, 2048],
  /** Feed-forward layers of a layer. */
  stack: 4,
} as const;

const layer = z.strictObject({
  hidden: within(LIMITS.hidden).describe('Width'),
  heads: z.array(headSchema).min(1).max(LIMITS.heads),
  headWidth: z
    .int()
    .min(1)
    .max(512)
    .optional()
    .describe('Width of each head; default: the heads share the width of the layer'),
  feedForward: z.array(within(LIMITS.feedForward)).min(1).max(LIMITS.stack),
});

function within([least, most]: readonly [number, number]) {
  return z.int().min(least).max(most);
}

/** Of feed-forward layers; the first is the default. */
export const FEED_ACTIVATIONS = ['gelu', 'relu'] as const;

export const designPointSchema = z.strictObject({
  layers: z.array(layer).min(1).max(LIMITS.layers),
  /** Of the feed-forward layers; absent = gelu. */
  activation: z.enum(FEED_ACTIVATIONS).optional(),
});

export type Head = z.infer<typeof headSchema>;
export type EncoderLayer = z.infer<typeof layer>;
export type DesignPoint = z.infer<typeof designPointSchema>;
export type HeadName = ReturnType<typeof nameOf>;

/** All kinds of heads. */
export const HEADS: readonly Head[] = [
  { op: 'attention', form: 'scaled' },
  { op: 'attention', form: 'multiplicative' },
  { op: 'transform', basis: 'dft' },
  { op: 'transform', basis: 'dct' },
  { op: 'convolution', kernel: 5 },
  { op: 'convolution', kernel: 9 },
  { op: 'convolution', kernel: 13 },
];

/** Throws `ConfigError` that names the layer which is impossible with windows of so many patches. */
export function requireLegal({ layers }: DesignPoint, patches: number): void {
  if (layers.length === 0)
    throw new ConfigError('the encoder has no layers: give it at least one', {
      code: 'SEN_CFG_DESIGN',
    });
  for (const [i, layer] of layers.entries()) {
    const { hidden, heads } = layer;
    if (!Number.isInteger(headWidthOf(layer))) {
      throw new ConfigError(
        `layer ${i + 1} has ${heads.length} heads on a width of ${hidden}: the width must be a multiple of the heads`,
        { code: 'SEN_CFG_DESIGN' },
      );
    }
    for (const head of heads) requireLegalHead(head, i, patches);
  }
}

function requireLegalHead(head: Head, layer: number, patches: number): void {
  if (head.op === 'attention' && head.form !== 'scaled' && head.queryWidth !== undefined) {
    throw new ConfigError(
      `layer ${layer + 1} has an ${nameOf(head)} head with queries of ${head.queryWidth} columns: only scaled attention has a queryWidth of its own`,
      { code: 'SEN_CFG_DESIGN' },
    );
  }
  if (head.op === 'convolution' && head.kernel > patches) {
    throw new ConfigError(
      `layer ${layer + 1} has a kernel of ${head.kernel} on ${patches} patches: take a shorter kernel or patch, or a longer window`,
      { code: 'SEN_CFG_DESIGN' },
    );
  }
}

/** d: a layer with an explicit width of heads may have any number of them. */
export function headWidthOf({ hidden, heads, headWidth }: EncoderLayer): number {
  return headWidth ?? hidden / heads.length;
}

/** Columns of the queries and keys of a head, and of its values; d unless the head says otherwise. */
export function headWidthsOf(
  head: Head,
  width: number,
): { readonly query: number; readonly value: number } {
  if (head.op !== 'attention') return { query: width, value: width };
  return { query: head.queryWidth ?? width, value: head.valueWidth ?? width };
}

/** The columns of all these heads together. */
export function joinedWidthsOf(
  heads: readonly Head[],
  width: number,
): ReturnType<typeof headWidthsOf> {
  const widths = heads.map((head) => headWidthsOf(head, width));
  return {
    query: widths.reduce((sum, { query }) => sum + query, 0),
    value: widths.reduce((sum, { value }) => sum + value, 0),
  };
}

/** Adjacent heads of one operation, at least one; they are computed together. */
export type HeadGroup = readonly [Head, ...Head[]];

export function groupsOf(heads: readonly Head[]): readonly HeadGroup[] {
  const groups: [Head, ...Head[]][] = [];
  for (const head of heads) {
    const last = groups.at(-1);
    if (last && nameOf(last[0]) === nameOf(head)) last.push(head);
    else groups.push([head]);
  }
  return groups;
}

/** E.g. `attention-scaled`, `convolution-9`. */
export function nameOf(head: Head) {
  switch (head.op) {
    case 'attention':
      return `${head.op}-${head.form}` as const;
    case 'transform':
      return `${head.op}-${head.basis}` as const;
    case 'convolution':
      return `${head.op}-${head.kernel}` as const;
  }
}
