// A problem whose optimum is known, with which searches over points are compared.
import type { Measured, Point, PointProblem, Variable } from '../points/contract.ts';

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
