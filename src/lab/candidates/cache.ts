// What was evaluated before, on disk: one file for each training, named after all that its outcome depends on.
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { threadId } from 'node:worker_threads';
import { z } from 'zod';
import type { SeedOutcome } from './contract.ts';
import { contentKey } from './outcome-key.ts';

export interface OutcomeCache {
  /** What outcomes depend on beside their tasks, e.g. the version of the program and of its engine. */
  readonly edition: string;
  /** Undefined where nothing is known, or what is there is broken. */
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
 * A folder, made when the first outcome is written. Threads and processes may share it: files appear whole, and equal
 * keys hold equal outcomes. A broken file costs a line to `warn` and is written anew; one that cannot be written costs a
 * line too, for the outcome is not to be lost with it.
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
        warn(`${path} is no outcome of an evaluation (${reasonOf(cause)}): evaluating again`);
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
        warn(
          `${path} cannot be written (${reasonOf(cause)}): this outcome will not be known again`,
        );
      }
    },
  };
}

function pathOf(folder: string, key: string): string {
  return join(folder, `${key}.json`);
}

/** Throws for anything but a whole, unaltered entry of this key. */
function outcomeIn(text: string, key: string): SeedOutcome {
  const entry = entrySchema.parse(JSON.parse(text));
  if (entry.key !== key) throw new RangeError('it belongs to another key');
  if (entry.digest !== contentKey(entry.outcome)) throw new RangeError('its digest does not fit');
  // The schema knows no exact optional properties.
  return entry.outcome as SeedOutcome;
}

function isMissing(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
}

function reasonOf(cause: unknown): string {
  if (cause instanceof z.ZodError) return 'fields are missing or wrong';
  return cause instanceof Error ? cause.message : String(cause);
}
