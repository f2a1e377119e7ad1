// results/search/<table>.json: what the searches of one table found, a line a run; the newest of each method and seed.
import { join } from 'node:path';
import { z } from 'zod';
import type { SearchRun } from '../../src/lab/search/proof/comparison.ts';
import { readResults, writeResults } from '../result-lines.ts';

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
  /** Of the surrogate, over the later evaluations, each predicted from those before it. */
  calibration: z
    .strictObject({
      predicted: counts,
      /** Of predictions and results. */
      spearman: z.number(),
      /** Share of the results that lie within the 90 % intervals. */
      within90: z.number(),
    })
    .optional(),
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
  return readResults(join(folder, `${table}.json`), searchResults, 'results of searches');
}

export function writeSearchResults(folder: string, results: SearchResults): void {
  writeResults(join(folder, `${results.table}.json`), results);
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
