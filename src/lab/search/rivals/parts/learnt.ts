// What a model of the values learns from: the outcomes, with a value in the place of those that are not there.
import type { Ledger } from './ledger.ts';

export interface Learnt {
  readonly candidates: readonly number[];
  /** One for each candidate, higher is better. */
  readonly values: Float64Array;
  /** The highest that was told. */
  readonly best: number;
}

/** Feasible outcomes below which there is nothing to model. */
const LEAST_FEASIBLE = 2;

/**
 * Outcomes in the order in which they were told, then what is outstanding. An infeasible candidate counts as the worst
 * that is known, an outstanding one as the best ("constant liar", Ginsbourger et al. 2010, "Kriging is well-suited to
 * parallelize optimization"). Undefined where too little is known.
 */
export function learntFrom({ told, pending }: Ledger): Learnt | undefined {
  const feasible = told.flatMap(({ value }) => (value === undefined ? [] : [value]));
  if (feasible.length < LEAST_FEASIBLE) return undefined;
  const [worst, best] = [Math.min(...feasible), Math.max(...feasible)];
  return {
    candidates: [...told.map(({ candidate }) => candidate), ...pending],
    values: Float64Array.of(
      ...told.map(({ value }) => value ?? worst),
      ...Array.from(pending, () => best),
    ),
    best,
  };
}
