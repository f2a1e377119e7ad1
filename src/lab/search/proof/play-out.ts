// Lets a search ask a table of finished evaluations instead of evaluating.
import type { Outcome, Reason, Search } from '../contract.ts';

export interface PlayOut {
  /** What was evaluated, in order; shorter than the budget where the search has finished. */
  readonly order: readonly number[];
  /** How many of them were asked for with which reason. */
  readonly reasons: Readonly<Partial<Record<Reason, number>>>;
}

/**
 * Every proposal counts, infeasible ones and repetitions too: a repetition is told what was told before, since a table has
 * no other figures. `batch` is how many are asked for at once. Throws `RangeError` for a search that waits for outcomes
 * though it has them all.
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
