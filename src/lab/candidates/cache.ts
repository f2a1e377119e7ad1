// Cache of evaluations on disk: one file for each training, named by a hash of all inputs of its outcome.
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { threadId } from 'node:worker_threads';
import { z } from 'zod';
import type { SeedOutcome } from './contract.ts';
import { contentKey } from './outcome-key.ts';

export interface OutcomeCache {
  /** Inputs of all outcomes besides their tasks, e.g. the versions of the program and of its engine. */
  readonly edition: string;
  /** Undefined if there is no entry or a broken one. */
  read(key: string): SeedOutcome | undefined;
  write(key: string, outcome: SeedOutcome): void;
}

const outcomeSchema = z.union([
  z.strictObject({
    seed: z.int(),
    value: z.number(),
    vusPr: z.number(),
    forecastFit: z.number().optional(),
    loss: z.number(),
    trainS: z.number(),
    usPerRow: z.number(),
  }),
  z.strictObject({ seed: z.int(), failure: z.string() }),
]);

const entrySchema = z.strictObject({ key: z.string(), digest: z.string(), outcome: outcomeSchema });

/**
 * A folder, created with the first outcome. Threads and processes may share it: files are written atomically, and equal keys
 * have equal outcomes. A broken file is reported by `warn` and written again; if a file cannot be written, `warn` reports it
 * and the evaluation continues.
 */
export function outcomeCache(
  folder: string,
  edition: string,
  warn: (line: string) => void,
): OutcomeCache {
  return {
    edition,
    read(key) {
      const path = pathOf(folder, key);
      try {
        return outcomeIn(readFileSync(path, 'utf8'), key);
      } catch (cause) {
        if (isMissing(cause)) return undefined;
        warn(`${path} is not an outcome of an evaluation (${reasonOf(cause)}): evaluating again`);
        return undefined;
      }
    },
    write(key, outcome) {
      const path = pathOf(folder, key);
      try {
        mkdirSync(folder, { recursive: true });
        const part = `${path}.${process.pid}-${threadId}.part`;
        const entry = { key, digest: contentKey(outcome), outcome };
        writeFileSync(part, `${JSON.stringify(entry)}\n`);
        renameSync(part, path);
      } catch (cause) {
        warn(`${path} cannot be written (${reasonOf(cause)}): this outcome is not cached`);
      }
    },
  };
}

function pathOf(folder: string, key: string): string {
  return join(folder, `${key}.json`);
}

/** Throws unless the entry is complete, unaltered and of this key. */
function outcomeIn(text: string, key: string): SeedOutcome {
  const entry = entrySchema.parse(JSON.parse(text));
  if (entry.key !== key) throw new RangeError('it belongs to another key');
  if (entry.digest !== contentKey(entry.outcome)) throw new RangeError('its digest does not match');
  // The schema has no exact optional properties.
  return entry.outcome as SeedOutcome;
}

function isMissing(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
}

function reasonOf(cause: unknown): string {
  if (cause instanceof z.ZodError) return 'fields are missing or wrong';
  return cause instanceof Error ? cause.message : String(cause);
}
