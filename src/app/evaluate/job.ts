import type { CarriedError } from '../../core/carried-error.ts';
import { contestantOf } from '../../lab/contestants.ts';
import type { ResultRow } from '../../lab/evaluation/result-row.ts';
import type { EngineName } from '../../models/load-engine.ts';

/** One detector on one series, with each of its seeds; what a process of its own is told. */
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

/** From 1 to `count`, or 1 alone for a detector in which nothing is random. */
export function seedsFor(detector: string, count: number): readonly number[] {
  return Array.from({ length: contestantOf(detector).seeded ? count : 1 }, (_, i) => i + 1);
}
