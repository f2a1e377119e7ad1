// When the daemon itself trains. A training takes a whole core for minutes, which streams that measure this machine see.

export interface OwnTrainings {
  /** A training begins: returns a function to be called at its end. */
  begin(): () => void;
  /**
   * Whether a training may have disturbed a row that ends now and covers `rowMs`: one runs, or has ended less than three
   * minutes before the row began.
   */
  disturb(rowMs: number): boolean;
}

/** Means of a minute and of five, as of the load, and the temperature, are back after about this time, milliseconds. */
const SETTLING_MS = 180_000;

/** A training that runs for longer may hang, and must not leave the machine unwatched, milliseconds. */
const LONGEST_MS = 3_600_000;

/** `monotonicMs` is a clock that is never set. */
export function createOwnTrainings(monotonicMs: () => number): OwnTrainings {
  const begins = new Set<{ readonly atMs: number }>();
  let endedMs = Number.NEGATIVE_INFINITY;
  return {
    begin() {
      const begin = { atMs: monotonicMs() };
      begins.add(begin);
      return () => {
        if (begins.delete(begin)) endedMs = monotonicMs();
      };
    },
    disturb(rowMs) {
      const nowMs = monotonicMs();
      if (nowMs - endedMs < SETTLING_MS + rowMs) return true;
      return [...begins].some(({ atMs }) => nowMs - atMs < LONGEST_MS);
    },
  };
}
