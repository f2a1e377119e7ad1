// results/search/<table>.json: what the searches of one table found, a line a run; the newest of each method and seed.
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { SourceError } from '../../src/core/errors.ts';
import type { SearchRun } from '../../src/lab/search/proof/comparison.ts';

const counts = z.int().nonnegative();

const searchRun = z.strictObject({
  method: z.string(),
  seed: z.int(),
  /** Asked for at once. */
  batch: z.int(),
  /** How many evaluations were asked for with which reason. */
  reasons: z.record(z.string(), counts),
  searchS: z.number(),
  /** Evaluation, candidate, regret, rank. */
  improvements: z.array(z.tuple([counts, counts, z.number(), counts])).min(1),
});

const publishedCurve = z.strictObject({
  name: z.string(),
  /** Evaluation and regret of each that was better than all before. */
  improvements: z.array(z.tuple([counts, z.number()])),
  evaluations: counts,
});

const searchResults = z.strictObject({
  table: z.string(),
  unit: z.string(),
  candidates: counts,
  budget: counts,
  /** Of the means over repetitions; null where there are none. */
  reliability: z.number().nullable(),
  /** R2 of the five nearest as a prediction, in the table's own coordinates. */
  nearestFit: z.number(),
  published: z.array(publishedCurve),
  runs: z.array(searchRun),
});

export type StoredRun = z.infer<typeof searchRun>;
export type PublishedCurve = z.infer<typeof publishedCurve>;
export type SearchResults = z.infer<typeof searchResults>;

/** Undefined where there is none yet. Throws `SourceError` for a file that holds something else. */
export function readSearchResults(folder: string, table: string): SearchResults | undefined {
  const path = join(folder, `${table}.json`);
  if (!existsSync(path)) return undefined;
  const parsed = searchResults.safeParse(jsonOf(readFileSync(path, 'utf8')));
  if (parsed.success) return parsed.data;
  throw new SourceError(`${path} holds no results of searches: move it away or delete it`, {
    cause: parsed.error,
  });
}

export function writeSearchResults(folder: string, results: SearchResults): void {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${results.table}.json`);
  const { runs, ...head } = results;
  const lines = runs.map((run) => JSON.stringify(run)).join(',\n');
  const begin = JSON.stringify(head).slice(0, -1);
  // Under another name first: a run that is stopped leaves a whole file.
  writeFileSync(`${path}.part`, `${begin},"runs":[\n${lines}\n]}\n`);
  renameSync(`${path}.part`, path);
}

/** The run takes the place of the one it repeats. */
export function withRun(results: SearchResults, run: StoredRun): SearchResults {
  const others = results.runs.filter(
    ({ method, seed }) => method !== run.method || seed !== run.seed,
  );
  return { ...results, runs: [...others, run] };
}

export function runsOf({ runs }: SearchResults): readonly SearchRun[] {
  return runs.map(({ method, seed, batch, searchS, improvements }) => ({
    method,
    seed,
    batch,
    searchS,
    improvements: improvements.map(([evaluation, candidate, regret, rank]) => ({
      evaluation,
      candidate,
      regret,
      rank,
    })),
  }));
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // What is no JSON fails the schema, as does any other content.
    return undefined;
  }
}
