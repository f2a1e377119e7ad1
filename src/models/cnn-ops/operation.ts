// What a vertex of a cell may do, as data.
import { z } from 'zod';

const convolution = z.strictObject({
  op: z.literal('convolution'),
  /** Rows that it spans. */
  kernel: z.union([z.literal(3), z.literal(5), z.literal(9)]),
});

const pool = z.strictObject({ op: z.literal('pool'), of: z.enum(['max', 'mean']) });

export const operationSchema = z.discriminatedUnion('op', [
  convolution,
  z.strictObject({ op: z.literal('dilated') }),
  z.strictObject({ op: z.literal('separable') }),
  pool,
  z.strictObject({ op: z.literal('skip') }),
]);

export type Operation = z.infer<typeof operationSchema>;
