// What a search is given, what it asks for and what it is told, whatever it searches and however it does.
import type { ZodType } from 'zod';
import type { Points } from '../../engine/regression/regressor.ts';

/** All that may be evaluated, by number: each candidate is an index below `count`. */
export interface Candidates {
  readonly count: number;
  /** (count, E): what surrogates and distances see. */
  readonly coordinates: Points;
  /** What each candidate is made of, place by place. */
  readonly choices: Choices;
  /** Candidates one step away, in rising order, without the candidate itself. */
  neighbours(candidate: number): readonly number[];
  /** The candidate made of these choices; undefined where they are not legal. */
  find(choices: ArrayLike<number>): number | undefined;
}

/** Categories without an order. */
export interface Choices {
  /** Options of each place. */
  readonly sizes: readonly number[];
  /** (count, places): which option; -1 = the place is not there, e.g. of a layer that this design has not. */
  readonly values: Int32Array;
  /**
   * What each place is about: those with the same number ask the same, e.g. for the width of each layer. Absent = none do; of
   * pairs, see their halves.
   */
  readonly kinds?: readonly number[];
}

/** Candidates that are pairs, e.g. a network and a device: the coordinates of a pair are those of the two, side by side. */
export interface PairCandidates extends Candidates {
  readonly first: Candidates;
  readonly second: Candidates;
  partsOf(candidate: number): readonly [first: number, second: number];
  /** Undefined where the two do not go together. */
  pairOf(first: number, second: number): number | undefined;
}

/** What came of one evaluation. */
export interface Outcome {
  readonly candidate: number;
  /**
   * What is sought: higher is better. One number for each repetition, e.g. each seed of a training, so that its spread is
   * known. None where the candidate is infeasible: it diverged, or breaks a constraint.
   */
  readonly values: readonly number[];
  /** Lower is better, the same number for each candidate; for methods that seek a front. Absent where infeasible. */
  readonly objectives?: readonly number[];
}

/** Why a method asks for a candidate; for logs, and so that a test can see that a surrogate is really used. */
export type Reason =
  | 'initial'
  | 'acquisition'
  | 'uncertainty'
  | 'diversity'
  | 'repetition'
  | 'neighbour'
  | 'offspring'
  | 'random';

export interface Proposal {
  readonly candidate: number;
  readonly reason: Reason;
}

/**
 * A search under way. Same candidates, options and seed, asked and told in the same order, give the same proposals: a
 * journal of what was asked and told is all that is needed to go on.
 */
export interface Search {
  /**
   * At most `count`, all different. Only a `repetition` names a candidate that was proposed before. Fewer than asked for
   * where the method waits for outcomes; none and `finished` where nothing is left to propose.
   */
  propose(count: number): readonly Proposal[];
  /** Each proposal is answered once, in any order. */
  tell(outcome: Outcome): void;
  /** The method has converged, or there is nothing left. */
  readonly finished: boolean;
}

export interface SearchMethod<Options = unknown, C extends Candidates = Candidates> {
  readonly kind: string;
  /** One line for help texts. */
  readonly summary: string;
  readonly options: ZodType<Options>;
  start(candidates: C, options: Options, seed: number): Search;
}
