// Files of results: a head, and a line for each run, so that a run more is a line more in a comparison of two versions.
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { type ZodType, z } from 'zod';
import { SourceError } from '../src/core/errors.ts';

/** Undefined where there is no file yet. Throws `SourceError` for a file that holds something else. */
export function readResults<T>(path: string, schema: ZodType<T>, holds: string): T | undefined {
  if (!existsSync(path)) return undefined;
  const parsed = schema.safeParse(jsonOf(readFileSync(path, 'utf8')));
  if (parsed.success) return parsed.data;
  throw new SourceError(`${path} holds no ${holds}: move it away or delete it`, {
    cause: parsed.error,
  });
}

export function writeResults<Results extends { readonly runs: readonly object[] }>(
  path: string,
  results: Results,
): void {
  mkdirSync(dirname(path), { recursive: true });
  const { runs, ...head } = results;
  const lines = runs.map((run) => JSON.stringify(run)).join(',\n');
  const begin = JSON.stringify(head).slice(0, -1);
  // Under another name first: a run that is stopped leaves a whole file.
  writeFileSync(`${path}.part`, `${begin},"runs":[\n${lines}\n]}\n`);
  renameSync(`${path}.part`, path);
}

const measured = z.object({ options: z.string(), runs: z.array(z.looseObject({})) });

/** Runs that a script has kept, of trainings with such options. Throws `SourceError` where it was given others. */
export function keptRuns<R>(path: string, options: string): R[] {
  const before = readResults(path, measured, 'runs of this script');
  if (!before) return [];
  if (before.options === options) return before.runs as R[]; // our own file
  throw new SourceError(`${path} has the options ${before.options}: delete it, or give the same`);
}

interface Run {
  readonly method: string;
  readonly seed: number;
}

/** The run takes the place of the one it repeats. */
export function withRun<R extends Run, Results extends { readonly runs: readonly R[] }>(
  results: Results,
  run: R,
) {
  const others = results.runs.filter(
    ({ method, seed }) => method !== run.method || seed !== run.seed,
  );
  return { ...results, runs: [...others, run] };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // What is no JSON fails the schema, as does any other content.
    return undefined;
  }
}
