import type { CarriedError } from '../../core/carried-error.ts';
import { contentKey, dataKey } from '../../lab/candidates/outcome-key.ts';
import type { ResultRow } from '../../lab/evaluation/result-row.ts';
import { contestantOf } from '../../lab/judging/contestants.ts';
import type { LabelledSeries } from '../../lab/series/labelled-series.ts';
import type { EngineName } from '../../models/load-engine.ts';
import { version } from '../version.ts';

/** One detector on one series, with each of its seeds: the task of one process. */
export interface Job {
  readonly folder: string;
  readonly dataset: string;
  readonly series: string;
  /** As `contestantOf` reads it. */
  readonly detector: string;
  readonly seeds: readonly number[];
  /** Tolerance of VUS, as `resultOf` reads it. */
  readonly tolerance: number | 'period';
  /** Where to keep the run of each seed, if at all. */
  readonly runs?: string;
  /** Where models are kept, and those of the same settings are taken from, if at all. */
  readonly models?: string;
  readonly engine?: EngineName;
}

/** The answer of that process: a row for each seed, or its error. */
export type JobAnswer =
  | { readonly type: 'row'; readonly row: ResultRow }
  | { readonly type: 'failed'; readonly error: CarriedError };

/** From 1 to `count`, or 1 alone for a detector in which nothing is random. */
export function seedsFor(detector: string, count: number): readonly number[] {
  return Array.from({ length: contestantOf(detector).seeded ? count : 1 }, (_, i) => i + 1);
}

/**
 * Hash of all that the results of a job depend on beside its seeds: its settings, the data it is given, the release. A
 * new setting of jobs counts without being named here.
 */
export function settingsKey(job: Job, truth: LabelledSeries): string {
  const { folder: _folder, runs: _runs, models: _models, seeds: _seeds, engine, ...others } = job; // places, and what each row has itself
  // The default, named or not, is one setting.
  const settings = { ...others, ...(engine !== 'auto' && { engine }) };
  const data = dataKey({ kind: 'labelled', series: truth });
  return contentKey([settings, data, truth.segments, version()]);
}
