// Drives a search: several evaluations run at once and are reported in the order of their proposals, so that their
// duration does not change the search.
import { setMaxListeners } from 'node:events';

/** What is asked: a search over candidates or over points. */
interface Asked<Proposal> {
  propose(count: number): readonly Proposal[];
  readonly finished: boolean;
}

export interface Turn<Proposal, Result> {
  /** Number of the proposal, from 0 on. */
  readonly number: number;
  readonly proposal: Proposal;
  readonly result: Result;
}

export interface AskAndTell<Proposal, Result> {
  /** Proposals in all. */
  readonly budget: number;
  /** Evaluations under way at once. */
  readonly parallel: number;
  readonly signal: AbortSignal;
  evaluate(number: number, proposal: Proposal, signal: AbortSignal): Promise<Result>;
  /** Passes the result to the search method. */
  told(turn: Turn<Proposal, Result>): void;
}

/** Resolves when the budget is used up or the search is finished. Rejects with the first failure; the others are ended. */
export async function askAndTell<Proposal, Result>(
  search: Asked<Proposal>,
  { budget, parallel, signal, evaluate, told }: AskAndTell<Proposal, Result>,
): Promise<void> {
  const failed = new AbortController();
  const either = AbortSignal.any([signal, failed.signal]);
  setMaxListeners(0, either); // each evaluation under way listens
  const underWay: Promise<Turn<Proposal, Result>>[] = [];
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
      told(await (underWay.shift() as Promise<Turn<Proposal, Result>>));
      signal.throwIfAborted();
    }
  } catch (error) {
    failed.abort(error);
    await Promise.allSettled(underWay);
    throw error;
  }
}
