// Writes a tree as text, weights included, and reads it again.
import { z } from 'zod';
import { WeightsError } from '../../../core/errors.ts';
import type { ModelTensor } from '../../../models/model.ts';
import { networkDesignSchema } from '../../../models/network-family.ts';
import type { GrowthFamily, GrowthTree, TrainedChild } from './contract.ts';
import { growthOf } from './families.ts';

const FORMAT = 'sentigon-growth-1';

const tensorSchema = z
  .strictObject({ shape: z.array(z.int().positive()), data: z.base64() })
  .transform(({ shape, data }): ModelTensor => ({ shape, data: floatsOf(data) }))
  .refine(({ shape, data }) => data.length === shape.reduce((all, size) => all * size, 1), {
    error: 'does not have the number of values of its shape',
  });

const trained = z.strictObject({
  loss: z.number(),
  tensors: z.record(z.string(), tensorSchema),
  transferred: z.strictObject({ weights: z.int(), of: z.int() }).optional(),
});

/** What tells which family a tree is of. */
const startSchema = z.looseObject({
  nodes: z.array(z.looseObject({ point: networkDesignSchema })).min(1),
});

const treeSchema = ({ options, modes }: GrowthFamily) => {
  const mode = z.enum([...modes.keys()]);
  const node = z.strictObject({
    id: z.int(),
    parent: z.int().optional(),
    mode: mode.optional(),
    change: z.string().optional(),
    point: networkDesignSchema,
    cost: z.number().positive(),
    trained: trained.optional(),
  });
  const round = z.strictObject({
    mode,
    parent: z.int(),
    children: z.array(z.int()),
    outcome: z.enum(['better', 'kept', 'back', 'idle']),
  });
  return z
    .strictObject({
      format: z.literal(FORMAT),
      options,
      seed: z.int(),
      nodes: z.array(node).min(1),
      rounds: z.array(round),
      next: z.strictObject({ node: z.int(), mode }),
      ended: z.string().optional(),
      control: trained.optional(),
    })
    .refine(({ nodes, next }) => nodes[0]?.trained && nodes[next.node]?.trained, {
      error: 'the start or the next parent is not trained',
    })
    .refine(({ nodes }) => nodes.every(({ id, parent = -1 }, i) => id === i && parent < i), {
      error: 'networks are out of order',
    });
};

export function treeText({ control, ...tree }: GrowthTree): string {
  const nodes = tree.nodes.map(({ trained, ...node }) =>
    trained ? { ...node, trained: packed(trained) } : node,
  );
  const whole = { format: FORMAT, ...tree, nodes, ...(control && { control: packed(control) }) };
  return `${JSON.stringify(whole)}\n`;
}

/** Throws `WeightsError`, naming `name`, if the text is truncated, altered or not a growth. */
export function readTree(text: string, name: string): GrowthTree {
  try {
    const read: unknown = JSON.parse(text);
    const [start] = startSchema.parse(read).nodes;
    if (!start) throw new RangeError('nodes are missing');
    const { format: _, ...tree } = treeSchema(growthOf(start.point)).parse(read);
    return tree as GrowthTree; // the schema knows no exact optional properties
  } catch (cause) {
    throw new WeightsError(
      `${name} is not a valid growth file (${reasonOf(cause)}): start the growth again`,
      { code: 'SEN_WGT_GROWTH', cause },
    );
  }
}

function reasonOf(cause: unknown): string {
  if (!(cause instanceof z.ZodError)) return cause instanceof Error ? cause.message : String(cause);
  return cause.issues
    .slice(0, 1)
    .map(({ path, message }) => `${path.join('.')} ${message}`)
    .join('');
}

function packed({ tensors, ...trained }: TrainedChild) {
  const texts = Object.entries(tensors).map(([name, { shape, data }]) => [
    name,
    { shape, data: textOf(data) },
  ]);
  return { ...trained, tensors: Object.fromEntries(texts) };
}

function textOf({ buffer, byteOffset, byteLength }: Float32Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString('base64');
}

/** A copy, because the bytes of a `Buffer` need not be aligned. */
function floatsOf(base64: string): Float32Array {
  const bytes = Uint8Array.from(Buffer.from(base64, 'base64'));
  return new Float32Array(bytes.buffer, 0, Math.floor(bytes.length / 4));
}
