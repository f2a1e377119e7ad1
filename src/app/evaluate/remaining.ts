// What a run that was stopped has still to do.
import type { ResultRow } from '../../lab/evaluation/result-row.ts';
import type { Job } from './job.ts';
import { keyOf } from './result-files.ts';

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
