// Runs a search on a table of finished evaluations instead of evaluating.
import type { Outcome, Reason, Search } from '../contract.ts';

export interface PlayOut {
  /** Candidates in the order of evaluation; shorter than the budget if the search finished earlier. */
  readonly order: readonly number[];
  /** Number of proposals for each reason. */
  readonly reasons: Readonly<Partial<Record<Reason, number>>>;
}

/**
 * Every proposal counts, also infeasible ones and repetitions; a repetition gets the same outcome again, since the table has no
 * other. `batch` is how many candidates are requested at once. Throws `RangeError` for a search that waits although it has
 * all outcomes.
 */
export function playOut(
  search: Search,
  outcomes: readonly Outcome[],
  { budget, batch }: { readonly budget: number; readonly batch: number },
): PlayOut {
  const order: number[] = [];
  const reasons: Partial<Record<Reason, number>> = {};
  while (order.length < budget && !search.finished) {
    const proposals = search.propose(Math.min(batch, budget - order.length));
    if (proposals.length === 0 && !search.finished) {
      throw new RangeError(
        'the search proposes nothing, has not finished, and waits for no outcome',
      );
    }
    for (const { candidate, reason } of proposals) {
      order.push(candidate);
      reasons[reason] = (reasons[reason] ?? 0) + 1;
      search.tell(outcomeOf(outcomes, candidate));
    }
  }
  return { order, reasons };
}

function outcomeOf(outcomes: readonly Outcome[], candidate: number): Outcome {
  const outcome = outcomes[candidate];
  if (!outcome) throw new RangeError(`the table ends before candidate ${candidate}`);
  return outcome;
}
