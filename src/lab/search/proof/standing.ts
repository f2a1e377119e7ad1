// The truth about a set of candidates that were all evaluated: what a search of them is judged by.
import { mean } from '../../../engine/statistics.ts';
import type { Outcome } from '../contract.ts';

export interface Standing {
  /** (count,) Mean over repetitions; -Infinity where infeasible. */
  readonly truth: Float64Array;
  /** (count,) How many are better; 0 = the optimum. Equals share a rank. */
  readonly rank: Int32Array;
  /** Of the feasible ones. */
  readonly best: number;
  readonly worst: number;
}

/** `outcomes` by number of the candidate. Throws `RangeError` where none is feasible. */
export function standingOf(outcomes: readonly Outcome[]): Standing {
  const truth = Float64Array.from(outcomes, ({ values }) =>
    values.length === 0 ? Number.NEGATIVE_INFINITY : mean(values),
  );
  const order = [...truth.keys()].sort((a, b) => (truth[b] as number) - (truth[a] as number));
  const [first] = order;
  const last = order.findLast((candidate) => truth[candidate] !== Number.NEGATIVE_INFINITY);
  if (first === undefined || last === undefined) {
    throw new RangeError(`of ${outcomes.length} candidates none is feasible`);
  }
  const rank = new Int32Array(truth.length);
  order.forEach((candidate, place) => {
    const before = order[place - 1];
    const equal = before !== undefined && truth[before] === truth[candidate];
    rank[candidate] = equal ? (rank[before] as number) : place;
  });
  return { truth, rank, best: truth[first] as number, worst: truth[last] as number };
}
