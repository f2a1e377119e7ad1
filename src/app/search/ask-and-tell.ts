// Drives a search: several evaluations run at once and are reported in the order of their proposals, so that their
// duration does not change the search.
import type { Proposal, Search } from '../../lab/search/contract.ts';

export interface Turn<Result> {
  /** Number of the proposal, from 0 on. */
  readonly number: number;
  readonly proposal: Proposal;
  readonly result: Result;
}

export interface AskAndTell<Result> {
  /** Proposals in all. */
  readonly budget: number;
  /** Evaluations under way at once. */
  readonly parallel: number;
  readonly signal: AbortSignal;
  evaluate(number: number, proposal: Proposal, signal: AbortSignal): Promise<Result>;
  /** Passes the result to the search method. */
  told(turn: Turn<Result>): void;
}

/** Resolves when the budget is used up or the search is finished. Rejects with the first failure; the others are ended. */
export async function askAndTell<Result>(
  search: Search,
  { budget, parallel, signal, evaluate, told }: AskAndTell<Result>,
): Promise<void> {
  const failed = new AbortController();
  const either = AbortSignal.any([signal, failed.signal]);
  const underWay: Promise<Turn<Result>>[] = [];
  let asked = 0;
  const propose = (): void => {
    const count = Math.min(parallel - underWay.length, budget - asked);
    if (count <= 0 || search.finished) return;
    for (const proposal of search.propose(count)) {
      const number = asked++;
      const turn = evaluate(number, proposal, either).then((result) => ({
        number,
        proposal,
        result,
      }));
      turn.catch(() => undefined); // its turn to be looked at comes
      underWay.push(turn);
    }
  };
  try {
    for (propose(); underWay.length > 0; propose()) {
      told(await (underWay.shift() as Promise<Turn<Result>>));
      signal.throwIfAborted();
    }
  } catch (error) {
    failed.abort(error);
    await Promise.allSettled(underWay);
    throw error;
  }
}
