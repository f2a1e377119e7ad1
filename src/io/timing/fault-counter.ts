/** Counts faults that do not stop a source and reports them without flooding the log. */
export interface FaultCounter {
  readonly total: number;
  /** Returns undefined, so that a reader can `return faults.count(...)`. */
  count(message: string): undefined;
  /** Reports the faults since the last report. */
  flush(): void;
  /** To be called when `what` is read to its end: reports the rest, and the total. */
  finish(what: string): void;
  /** Reports the faults when the next report is due; to be called often. */
  flushWhenDue(): void;
}

/** The first fault is reported at once, later ones together at most every `everyMs`. */
export function createFaultCounter(
  warn: (message: string) => void,
  everyMs = 60_000,
  now: () => number = Date.now,
): FaultCounter {
  let total = 0;
  let unreported = 0;
  let newest = '';
  let reportedMs = Number.NEGATIVE_INFINITY;
  const flush = (): void => {
    if (unreported === 0) return;
    warn(unreported === 1 ? newest : `${newest} (and ${unreported - 1} more before it)`);
    unreported = 0;
    reportedMs = now();
  };
  const flushWhenDue = (): void => {
    if (now() - reportedMs >= everyMs) flush();
  };
  return {
    get total() {
      return total;
    },
    count(message) {
      total += 1;
      unreported += 1;
      newest = message;
      flushWhenDue();
    },
    flush,
    finish(what) {
      flush();
      if (total > 1) warn(`${what}: ${total} such lines in all`);
    },
    flushWhenDue,
  };
}
