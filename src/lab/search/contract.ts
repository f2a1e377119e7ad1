// The interface between search methods and what they search: candidates, proposals and outcomes.
import type { ZodType } from 'zod';
import type { Points } from '../../engine/regression/regressor.ts';

/** All that may be evaluated, by number: each candidate is an index below `count`. */
export interface Candidates {
  readonly count: number;
  /** (count, E): inputs of surrogates and distances. */
  readonly coordinates: Points;
  /** The option of each candidate at each place. */
  readonly choices: Choices;
  /** Candidates one step away, in rising order, without the candidate itself. */
  neighbours(candidate: number): readonly number[];
  /** The candidate made of these choices; undefined where they are not legal. */
  find(choices: ArrayLike<number>): number | undefined;
  /** The candidate as a graph, where it is one; for surrogates of graphs. */
  graphOf?(candidate: number): LabelledGraph;
}

/** Edges have no direction. */
export interface LabelledGraph {
  readonly labels: readonly string[];
  readonly edges: readonly (readonly [number, number])[];
}

/** Categories without an order. */
export interface Choices {
  /** Options of each place. */
  readonly sizes: readonly number[];
  /** (count, places): which option; -1 = the candidate lacks the place, e.g. a place of a third layer in a design of two. */
  readonly values: Int32Array;
  /**
   * Kind of each place: places with the same number choose the same property, e.g. the width of a layer. Absent = all places
   * differ; for pairs, see their halves.
   */
  readonly kinds?: readonly number[];
}

/** Candidates that are pairs, e.g. a network and a device: the coordinates of a pair are those of the two, side by side. */
export interface PairCandidates extends Candidates {
  readonly first: Candidates;
  readonly second: Candidates;
  partsOf(candidate: number): readonly [first: number, second: number];
  /** Undefined if the two are not a pair. */
  pairOf(first: number, second: number): number | undefined;
}

/** The outcome of one evaluation. */
export interface Outcome {
  readonly candidate: number;
  /**
   * The objective: higher is better. One number for each repetition, e.g. each seed of a training, so that the spread is
   * known. Empty if the candidate is infeasible: it diverged, or breaks a constraint.
   */
  readonly values: readonly number[];
  /** Lower is better, equally many for each candidate; for methods that search for a front. Absent if infeasible. */
  readonly objectives?: readonly number[];
  /**
   * Kept at 0 and below, equally many for each candidate; for methods that learn limits. Present for whatever was measured,
   * so that an infeasible candidate says by how much it breaks a limit.
   */
  readonly constraints?: readonly number[];
}

/** Why a method proposes a candidate; for logs, and for tests that check that a surrogate is used. */
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
 * A running search. The same candidates, options and seed, with the same order of proposals and outcomes, give the same
 * proposals: a journal of both is enough to resume a search.
 */
export interface Search {
  /**
   * At most `count` proposals, all different. Only a `repetition` names a candidate that was proposed before. Fewer than
   * `count` if the method waits for outcomes; none and `finished` if nothing is left to propose.
   */
  propose(count: number): readonly Proposal[];
  /** Each proposal gets one outcome, in any order. */
  tell(outcome: Outcome): void;
  /** The method has converged, or no candidate is left. */
  readonly finished: boolean;
}

export interface SearchMethod<Options = unknown, C extends Candidates = Candidates> {
  readonly kind: string;
  /** One line for help texts. */
  readonly summary: string;
  readonly options: ZodType<Options>;
  /** Searches for a front where outcomes have objectives, or at random; absent = for the highest value. */
  readonly seeksFront?: true;
  /** It takes so many objectives at most: with more, a proposal takes too long. Absent = any number. */
  readonly mostObjectives?: number;
  start(candidates: C, options: Options, seed: number): Search;
}
