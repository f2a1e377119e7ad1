// What is known of the models of a stream, oldest first, as one small file beside them.
import { readFileSync } from 'node:fs';
import { z } from 'zod';

const showing = z.object({ falseAlarms: z.number(), tail: z.number(), found: z.number() });

/** How it was made smaller at the end of its training, and the numbers in it before and after. */
const compression = z.object({
  method: z.string(),
  parameters: z.object({ before: z.number(), after: z.number() }),
});

const record = z.object({
  id: z.string(),
  /** ISO 8601. */
  trainedAt: z.string(),
  /** Rows it has learnt from. */
  rows: z.number(),
  /** How long the rows were that were kept then, milliseconds; absent = a lesson. */
  spanMs: z.number().optional(),
  /** What it was trained for. */
  why: z.enum(['first', 'asked', 'schedule', 'drift', 'wider', 'accepted']),
  standing: z.enum(['live', 'previous', 'rejected']),
  /** Why it was rejected. */
  reason: z.string().optional(),
  /** What spoke against it when a person had it used anyway. */
  overruled: z.string().optional(),
  /** Absent = it was not compressed. */
  compression: compression.optional(),
  /** How it did beside the model that was live then, on the same normal rows. */
  trial: z
    .object({ rows: z.number(), planted: z.number(), live: showing, candidate: showing })
    .optional(),
});

export type ModelRecord = Readonly<z.infer<typeof record>>;

/** None when there is no file or it is damaged: the live model is known without. */
export function readManifest(path: string): readonly ModelRecord[] {
  try {
    return z.array(record).parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return []; // it is our own file, and begun anew
  }
}

/** The records with `live` as the live model; the one that was live before is previous. */
export function withLive(
  records: readonly ModelRecord[],
  live: Omit<ModelRecord, 'standing'>,
): readonly ModelRecord[] {
  const others = records
    .filter(({ id }) => id !== live.id)
    .map((other) =>
      other.standing === 'live' ? { ...other, standing: 'previous' as const } : other,
    );
  const { reason: _, ...kept } = live; // what spoke against it does no longer
  return [...others, { ...kept, standing: 'live' }];
}

/** The live one, the newest that can be gone back to, and of the others the newest: `most` in all. */
export function kept(records: readonly ModelRecord[], most: number): readonly ModelRecord[] {
  const live = records.filter(({ standing }) => standing === 'live');
  const previous = records.findLast(({ standing }) => standing === 'previous');
  const others = records.filter((one) => one.standing !== 'live' && one !== previous).reverse();
  const wanted = [...live, ...(previous ? [previous] : []), ...others].slice(0, most);
  return records.filter((one) => wanted.includes(one));
}
