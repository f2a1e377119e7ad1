import type { CarriedError } from '../../core/carried-error.ts';
import type { ResultRow } from '../../lab/evaluation/result-row.ts';
import type { EngineName } from '../../models/load-engine.ts';

/** One detector on one series, all seeds; what a process of its own is told. */
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
  readonly engine?: EngineName;
}

/** What it answers: a row a seed, or how it failed. */
export type JobAnswer =
  | { readonly type: 'row'; readonly row: ResultRow }
  | { readonly type: 'failed'; readonly error: CarriedError };
