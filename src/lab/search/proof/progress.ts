// Progress of a search towards the optimum, evaluation by evaluation.
import { mean } from '../../../engine/statistics.ts';
import type { Outcome } from '../contract.ts';

/** An evaluation that was better than all before it. */
export interface Improvement {
  /** From 1 on. */
  readonly evaluation: number;
  readonly candidate: number;
  /** Optimum less this one, in units of the objective. */
  readonly regret: number;
  /** Number of candidates that are better. */
  readonly rank: number;
}

/** Starts with the first evaluation, which counts as the worst of all if it is infeasible. */
export function improvementsOf(
  order: readonly number[],
  { truth, rank, best, worst }: Standing,
): readonly Improvement[] {
  const improvements: Improvement[] = [];
  let found = Number.NEGATIVE_INFINITY;
  order.forEach((candidate, i) => {
    const value = truth[candidate] as number;
    if (i > 0 && value <= found) return;
    found = value;
    improvements.push({
      evaluation: i + 1,
      candidate,
      regret: best - Math.max(value, worst),
      rank: rank[candidate] as number,
    });
  });
  return improvements;
}

/** (budget,) Regret of the best so far; a search that ended early keeps its last regret. Needs at least one improvement. */
export function regretCurve(improvements: readonly Improvement[], budget: number): Float64Array {
  const curve = new Float64Array(budget);
  for (const { evaluation, regret } of improvements) curve.fill(regret, evaluation - 1);
  return curve;
}

/** Evaluations until one of the `top` best was found; Infinity if none was. */
export function evaluationsUntil(top: number, improvements: readonly Improvement[]): number {
  return improvements.find(({ rank }) => rank < top)?.evaluation ?? Number.POSITIVE_INFINITY;
}

/** The true values of a set of candidates that were all evaluated; searches are judged by them. */
interface Standing {
  /** (count,) Mean over repetitions; -Infinity if infeasible. */
  readonly truth: Float64Array;
  /** (count,) Number of better candidates; 0 = the optimum. Equal candidates share a rank. */
  readonly rank: Int32Array;
  /** Of the feasible ones. */
  readonly best: number;
  readonly worst: number;
}

/** `outcomes` are indexed by candidate. Throws `RangeError` if none is feasible. */
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
