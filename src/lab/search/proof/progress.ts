// How near a search came to the optimum, evaluation by evaluation.
import type { Standing } from './standing.ts';

/** What was better than all before it. */
export interface Improvement {
  /** From 1 on. */
  readonly evaluation: number;
  readonly candidate: number;
  /** Optimum less this one, in units of the objective. */
  readonly regret: number;
  /** How many candidates are better still. */
  readonly rank: number;
}

/** Begins with the first evaluation, which counts as the worst of all where it is infeasible. */
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

/** (budget,) Regret of the best so far; a search that ended early keeps what it had. Needs one improvement at least. */
export function regretCurve(improvements: readonly Improvement[], budget: number): Float64Array {
  const curve = new Float64Array(budget);
  for (const { evaluation, regret } of improvements) curve.fill(regret, evaluation - 1);
  return curve;
}

/** Evaluations until one of the `top` best was found; Infinity where none was. */
export function evaluationsUntil(top: number, improvements: readonly Improvement[]): number {
  return improvements.find(({ rank }) => rank < top)?.evaluation ?? Number.POSITIVE_INFINITY;
}
