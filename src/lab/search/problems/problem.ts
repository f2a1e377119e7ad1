// Problems whose optimum is known, with which searches are compared.
import type { Candidates } from '../contract.ts';
import { hypervolume, type Objectives, paretoFront } from '../front.ts';
import type { Measured, Point, PointProblem, Variable } from '../points/contract.ts';
import { isFeasible } from '../points/history.ts';

export interface AnalyticProblem extends PointProblem {
  readonly name: string;
  /** Paper and equation, and where reference and optimum are from. */
  readonly source: string;
  /** Reference points of the hypervolume with the hypervolume of the whole front; empty with one objective. */
  readonly references: readonly Reference[];
  /** The least value, with one objective. */
  readonly optimum?: number;
  /** Without noise. */
  evaluate(point: Point): Measured;
  /** Standard deviation of the noise of each objective; absent = none. */
  noise?(point: Point): number;
}

export interface Reference {
  readonly point: readonly number[];
  /** Of the analytic front. */
  readonly most: number;
}

/** `count` reals of the same range. */
export function reals(count: number, least: number, most: number): readonly Variable[] {
  return Array.from({ length: count }, () => ({ kind: 'real', least, most }));
}

export const unconstrained = (...objectives: readonly number[]): Measured => ({
  objectives,
  constraints: [],
});

/** Candidates of which all outcomes are known, e.g. graphs. */
export interface CandidateProblem<C extends Candidates = Candidates> {
  readonly name: string;
  /** Where the outcomes are from. */
  readonly source: string;
  readonly candidates: C;
  /** Of each candidate. */
  readonly measured: readonly Measured[];
  readonly references: readonly Reference[];
}

/** The hypervolume of some candidates as a share of that of all; 1 = their front is the front. */
export function shareOfVolume(
  { measured }: Pick<CandidateProblem, 'measured'>,
  { point, most }: Reference,
  evaluated: readonly number[],
): number {
  const some = evaluated.map((candidate) => measured[candidate] as Measured).filter(isFeasible);
  const objectives = some.map((one) => one.objectives);
  return hypervolume(frontOf(objectives), point) / most;
}

/** The hypervolume of all that is feasible, for this point. */
export function referenceAt(measured: readonly Measured[], point: readonly number[]): Reference {
  const objectives = measured.filter(isFeasible).map((one) => one.objectives);
  return { point, most: hypervolume(frontOf(objectives), point) };
}

const frontOf = (objectives: Objectives): Objectives =>
  paretoFront(objectives).map((i) => objectives[i] as readonly number[]);
