// results/<data set>.json: rows of all runs so far, the newest of each detector, series and seed.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { SourceError } from '../../core/errors.ts';
import { readWholeText } from '../../io/files/whole-file.ts';
import { writeWhole } from '../../io/files/written-file.ts';
import { writeAlone } from '../../io/store/folder-lock.ts';
import type { ResultRow } from '../../lab/evaluation/result-row.ts';
import { distinct } from '../../lab/evaluation/result-row.ts';
import type { Job } from './job.ts';

/**
 * Adds rows to the files of their data sets; a row takes the place of the one it repeats. Other processes may add theirs to the
 * same files at the same time. Throws `StoreError`.
 */
export function writeResults(folder: string, rows: readonly ResultRow[]): readonly string[] {
  return writeAlone(folder, () =>
    distinct(rows, 'dataset').map((dataset) => {
      const path = join(folder, `${dataset}.json`);
      addRows(
        path,
        rows.filter((row) => row.dataset === dataset),
      );
      return path;
    }),
  );
}

function addRows(path: string, fresh: readonly ResultRow[]): void {
  const kept = new Map((existsSync(path) ? readFile(path) : []).map((row) => [keyOf(row), row]));
  for (const row of fresh) kept.set(keyOf(row), row);
  const lines = [...kept.values()].map((row) => JSON.stringify(rounded(row))).join(',\n');
  writeWhole(path, `[\n${lines}\n]\n`);
}

/** All rows of a folder, data sets in alphabetical order. Throws `SourceError` for a file that holds something else. */
export function readResults(folder: string): readonly ResultRow[] {
  const files = existsSync(folder)
    ? readdirSync(folder).filter((name) => name.endsWith('.json'))
    : [];
  return files.sort().flatMap((name) => readFile(join(folder, name)));
}

/** What a row is a result of; no two rows that are kept have it in common. */
function keyOf({
  dataset,
  series,
  detector,
  seed,
}: Pick<ResultRow, 'dataset' | 'series' | 'detector' | 'seed'>): string {
  return `${dataset}|${series}|${detector}|${seed}`;
}

function readFile(path: string): readonly ResultRow[] {
  try {
    const rows: unknown = JSON.parse(readWholeText(path));
    if (Array.isArray(rows) && rows.every((row) => typeof row.detector === 'string')) return rows;
    throw new TypeError('not a list of result rows');
  } catch (cause) {
    throw new SourceError(`${path} holds no results: move it away or delete it`, {
      code: 'SEN_SRC_RESULTS',
      cause,
    });
  }
}

/** Six digits: more would only make every run a change. */
function rounded(row: ResultRow): ResultRow {
  const shorten = (value: unknown): unknown =>
    typeof value === 'number' ? Number(value.toPrecision(6)) : value;
  return Object.fromEntries(
    Object.entries(row).map(([key, value]) => [key, shorten(value)]),
  ) as unknown as ResultRow;
}

/** Jobs with the seeds of which `rows` hold no result; those that are done are left out. A row with an error counts as none. */
export function remainingOf(jobs: readonly Job[], rows: readonly ResultRow[]): readonly Job[] {
  const done = new Set(rows.filter(({ error }) => error === undefined).map(keyOf));
  return jobs.flatMap((job) => {
    const seeds = job.seeds.filter((seed) => !done.has(keyOf({ ...job, seed })));
    return seeds.length > 0 ? [{ ...job, seeds }] : [];
  });
}

/** The rows that are results of these jobs; `keyOfSettings` is asked only for jobs of which there is a row. */
export function resultsOf(
  jobs: readonly Job[],
  rows: readonly ResultRow[],
  keyOfSettings: (job: Job) => string,
): readonly ResultRow[] {
  const results = new Map(
    rows.filter(({ error }) => error === undefined).map((row) => [keyOf(row), row]),
  );
  return jobs.flatMap((job) => {
    const found = job.seeds.flatMap((seed) => results.get(keyOf({ ...job, seed })) ?? []);
    const key = found.length > 0 ? keyOfSettings(job) : undefined;
    return found.filter(({ settings }) => settings === key);
  });
}
