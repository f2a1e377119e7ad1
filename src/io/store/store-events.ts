/** What a store tells, and the clocks it goes by. */
export interface StoreEvents {
  /** What the user should know although the store goes on: a file was replaced, the disk is full, alerts were dropped. */
  readonly onFault: (message: string) => void;
  /** What is wrong from now on, until it is told again without a message. `key` names it within the store. */
  readonly onProblem: (key: string, message: string | undefined) => void;
  /** Wall clock, Unix milliseconds. */
  readonly now: () => number;
  /** A clock that is never set, milliseconds: batches, waiting and upkeep go by it. */
  readonly monotonicMs: () => number;
}
