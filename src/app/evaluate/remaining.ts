// What a run that was stopped has still to do.
import { contestantOf } from '../../lab/contestants.ts';
import type { ResultRow } from '../../lab/evaluation/result-row.ts';
import type { Job } from './job.ts';

/** Jobs with the seeds of which `rows` hold no result; those that are done are left out. A row with an error counts as none. */
export function remainingOf(jobs: readonly Job[], rows: readonly ResultRow[]): readonly Job[] {
  const done = new Set(rows.filter(({ error }) => error === undefined).map(keyOf));
  return jobs.flatMap((job) => {
    const seeds = seedsOf(job).filter((seed) => !done.has(keyOf({ ...job, seed })));
    return seeds.length > 0 ? [{ ...job, seeds }] : [];
  });
}

/** The rows that are results of these jobs. */
export function resultsOf(jobs: readonly Job[], rows: readonly ResultRow[]): readonly ResultRow[] {
  const asked = new Set(jobs.flatMap((job) => seedsOf(job).map((seed) => keyOf({ ...job, seed }))));
  return rows.filter((row) => row.error === undefined && asked.has(keyOf(row)));
}

function seedsOf({ detector, seeds }: Job): readonly number[] {
  return contestantOf(detector).seeded ? seeds : seeds.slice(0, 1);
}

function keyOf({
  dataset,
  series,
  detector,
  seed,
}: Pick<ResultRow, 'dataset' | 'series' | 'detector' | 'seed'>): string {
  return `${dataset}|${series}|${detector}|${seed}`;
}
