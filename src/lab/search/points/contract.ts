// The interface between searches over numbers and choices and what they search: problems, proposals and outcomes.
import type { ZodType } from 'zod';
import type { Reason } from '../contract.ts';

/** One number to set. */
export type Variable =
  /** With `log` the search goes over its logarithm; `least` is then above 0. */
  | { readonly kind: 'real'; readonly least: number; readonly most: number; readonly log?: boolean }
  | {
      readonly kind: 'integer';
      readonly least: number;
      readonly most: number;
      readonly log?: boolean;
    }
  /** Options without an order; a point has the number of the option, from 0 on. */
  | { readonly kind: 'choice'; readonly options: number };

/** One number for each variable, in its own unit. */
export type Point = readonly number[];

/** What is searched. Each point gives objectives, where lower is better, and constraints, which are kept at 0 and below. */
export interface PointProblem {
  readonly variables: readonly Variable[];
  /** Number of objectives, at least 1. */
  readonly objectives: number;
  /** Number of constraints. */
  readonly constraints: number;
  /** Pure. Whether a point may be evaluated at all; absent = each may. */
  legal?(point: Point): boolean;
}

/** One run of what is evaluated. All numbers are finite. */
export interface Measured {
  /** (objectives,) */
  readonly objectives: readonly number[];
  /** (constraints,) */
  readonly constraints: readonly number[];
}

/** The outcome of one proposal. */
export interface PointOutcome {
  readonly point: Point;
  /** One for each repetition; none if the evaluation failed. */
  readonly runs: readonly Measured[];
}

export interface PointProposal {
  readonly point: Point;
  readonly reason: Reason;
}

/** A point that was evaluated without failure: means over all its runs. */
export interface Evaluated extends Measured {
  readonly point: Point;
  readonly runs: readonly Measured[];
}

/**
 * A running search. The same problem, options and seed, with the same order of proposals and outcomes, give the same
 * proposals: a journal of both is enough to resume a search.
 */
export interface PointSearch {
  /**
   * At most `count` legal proposals; none of them equals another or a pending one. Only a `repetition` names a point that was
   * proposed before. Fewer than `count` if the method waits for outcomes; none and `finished` if nothing is left to propose.
   */
  propose(count: number): readonly PointProposal[];
  /** Each proposal gets one outcome, in any order. Throws `RangeError` for a point that is not pending. */
  tell(outcome: PointOutcome): void;
  /** The method has converged, or no point is left. */
  readonly finished: boolean;
  /** Feasible points that no other feasible one dominates, by means over repetitions. */
  readonly archive: readonly Evaluated[];
}

export interface PointMethod<Options = unknown> {
  readonly kind: string;
  /** One line for help texts. */
  readonly summary: string;
  /** It is made for so many objectives at most: `start` throws `RangeError` for more. */
  readonly mostObjectives?: number;
  readonly options: ZodType<Options>;
  /** Throws `RangeError` for a variable without two values. */
  start(problem: PointProblem, options: Options, seed: number): PointSearch;
}
