// How near a search came to the optimum, evaluation by evaluation.
import { mean } from '../../../engine/statistics.ts';
import type { Standing } from './standing.ts';

export interface Progress {
  /** (budget,) Optimum less the best so far, in units of the objective; before anything feasible, as for the worst. */
  readonly regret: Float64Array;
  /** (budget,) Rank of the best so far; the number of candidates before anything feasible. */
  readonly rank: Int32Array;
}

/** A search that ended before the budget keeps what it had. */
export function progressOf(order: readonly number[], standing: Standing, budget: number): Progress {
  const { truth, best, worst } = standing;
  const regret = new Float64Array(budget);
  const rank = new Int32Array(budget);
  let found = Number.NEGATIVE_INFINITY;
  let place = truth.length;
  for (let i = 0; i < budget; i++) {
    const candidate = order[i];
    if (candidate !== undefined && (truth[candidate] as number) > found) {
      found = truth[candidate] as number;
      place = standing.rank[candidate] as number;
    }
    regret[i] = best - Math.max(found, worst);
    rank[i] = place;
  }
  return { regret, rank };
}

/** Evaluations until one of the `top` best was found; Infinity where none was. */
export function evaluationsUntil(top: number, { rank }: Progress): number {
  const index = rank.findIndex((each) => each < top);
  return index === -1 ? Number.POSITIVE_INFINITY : index + 1;
}

/** Area under the curve of regret over its length: the mean regret of whoever stops at any time. */
export function areaUnderRegret({ regret }: Progress): number {
  return mean(regret);
}
